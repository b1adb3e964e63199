using System.IO.Compression;

namespace Dewy.Engine.Tests.Artifacts.Extraction;

/// <summary>Compresses bytes in memory.</summary>
internal static class Compressed
{
    public static byte[] GZip(byte[] content)
    {
        var result = new MemoryStream();
        using (var stream = new GZipStream(result, CompressionLevel.Optimal, leaveOpen: true))
            stream.Write(content);
        return result.ToArray();
    }
}

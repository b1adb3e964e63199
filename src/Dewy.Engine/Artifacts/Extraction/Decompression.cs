using SharpCompress.Compressors;
using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.ZStandard;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>Opens what is wrapped around a tar or a single file.</summary>
internal static class Decompression
{
    /// <summary>The decompressed content; its failures are <see cref="DewyException"/>s. The source stays open.</summary>
    public static Stream Open(ArchiveCompression compression, Stream source, Func<long> position) => compression switch
    {
        ArchiveCompression.None => source,
        ArchiveCompression.GZip => new DecodingStream(new GZipFileStream(source), "The gzip data", position),
        ArchiveCompression.BZip2 => new DecodingStream(new LazyStream(() => BZip2Stream.Create(source, CompressionMode.Decompress, decompressConcatenated: true, leaveOpen: true)), "The bzip2 data", position),
        ArchiveCompression.Xz => new DecodingStream(new XzFileStream(source), "The xz data", position),
        ArchiveCompression.Zstandard => new DecodingStream(new DecompressionStream(source, bufferSize: WriteQueue.BufferSize, checkEndOfStream: true, leaveOpen: true), "The zstd data", position),
        _ => throw new ArgumentOutOfRangeException(nameof(compression)),
    };
}

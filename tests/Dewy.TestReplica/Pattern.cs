using System.Security.Cryptography;

namespace Dewy.TestReplica;

/// <summary>Bytes of which each tells its place, so that none can be missing or twice unnoticed.</summary>
internal static class Pattern
{
    /// <summary>Fills a buffer with what is at <paramref name="position"/>.</summary>
    public static void Fill(Span<byte> buffer, long position)
    {
        for (var index = 0; index < buffer.Length; index++)
        {
            var place = position + index;
            buffer[index] = (byte)((place * 31) ^ (place >> 8) ^ (place >> 16));
        }
    }

    /// <summary>SHA-256 of its first bytes.</summary>
    public static string Digest(int length)
    {
        var content = new byte[length];
        Fill(content, 0);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }
}

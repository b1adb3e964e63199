using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>The digest of a whole file.</summary>
internal static class ArtifactHash
{
    /// <summary>SHA-256 of a file from its beginning, read by positions so that nobody else's place in it moves.</summary>
    public static Digest Compute(SafeFileHandle file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[256 << 10];
        var position = 0L;
        while (RandomAccess.Read(file, buffer, position) is > 0 and var count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, count);
            position += count;
        }

        return Digest.Sha256(hash.GetHashAndReset());
    }
}

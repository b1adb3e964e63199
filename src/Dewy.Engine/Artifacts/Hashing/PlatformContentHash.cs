using System.Security.Cryptography;

namespace Dewy.Engine.Artifacts.Hashing;

/// <summary>A hash the platform computes.</summary>
internal sealed class PlatformContentHash(string algorithm, HashAlgorithmName name) : IContentHash
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(name);

    public string Algorithm => algorithm;

    public void Append(ReadOnlySpan<byte> content) => _hash.AppendData(content);

    public byte[] Finish() => _hash.GetHashAndReset();

    public void Dispose() => _hash.Dispose();
}

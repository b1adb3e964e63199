namespace Dewy.Engine.Artifacts.Hashing;

/// <summary>What some content turned out to be: its length and its hash by each algorithm that was asked for.</summary>
internal sealed class ContentDigests(long length, IReadOnlyDictionary<string, byte[]> hashes)
{
    /// <summary>Bytes that were hashed.</summary>
    public long Length => length;

    /// <summary>Always computed.</summary>
    public Digest Sha256 { get; } = Digest.Sha256(hashes["sha256"]);

    /// <summary>The digest by an algorithm; null where that was not computed.</summary>
    public Digest? Find(string algorithm) =>
        hashes.TryGetValue(algorithm, out var hash) && Digest.TryCreate(algorithm, Convert.ToHexStringLower(hash), out var digest) ? digest : null;

    /// <summary>The raw hash; null where that was not computed.</summary>
    public byte[]? FindHash(string algorithm) => hashes.GetValueOrDefault(algorithm);
}

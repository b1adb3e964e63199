using System.Security.Cryptography;

namespace Dewy.Engine.Artifacts.Hashing;

/// <summary>Computes SHA-256 and whatever else a source states, all in one pass. Used by one thread at a time.</summary>
internal sealed class ContentHasher : IDisposable
{
    /// <summary>The algorithm that only signatures use and no <see cref="Digest"/> names.</summary>
    public const string Blake2b512 = "blake2b-512";

    private readonly List<IContentHash> _hashes;
    private long _length;

    /// <param name="algorithms">Wanted besides SHA-256; names as in <see cref="Digest.Algorithm"/>.</param>
    public ContentHasher(IEnumerable<string> algorithms)
    {
        _hashes = [.. algorithms.Append("sha256").Distinct(StringComparer.Ordinal).Select(Create)];
    }

    public void Append(ReadOnlySpan<byte> content)
    {
        foreach (var hash in _hashes)
            hash.Append(content);
        _length += content.Length;
    }

    /// <summary>The digests of what was appended; begins anew afterwards.</summary>
    public ContentDigests Finish()
    {
        var digests = new ContentDigests(_length, _hashes.ToDictionary(hash => hash.Algorithm, hash => hash.Finish(), StringComparer.Ordinal));
        _length = 0;
        return digests;
    }

    /// <summary>Forgets what was appended.</summary>
    public void Restart() => _ = Finish();

    public void Dispose() => _hashes.ForEach(hash => hash.Dispose());

    private static IContentHash Create(string algorithm) => algorithm switch
    {
        "sha256" => new PlatformContentHash(algorithm, HashAlgorithmName.SHA256),
        "sha512" => new PlatformContentHash(algorithm, HashAlgorithmName.SHA512),
        "sha1" => new PlatformContentHash(algorithm, HashAlgorithmName.SHA1),
        "md5" => new PlatformContentHash(algorithm, HashAlgorithmName.MD5),
        "crc32c" => new Crc32CContentHash(),
        Blake2b512 => new Blake2bContentHash(),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "No such hash."),
    };
}

using Org.BouncyCastle.Crypto.Digests;

namespace Dewy.Engine.Artifacts.Hashing;

/// <summary>BLAKE2b-512, what minisign's <c>ED</c> signatures sign.</summary>
internal sealed class Blake2bContentHash : IContentHash
{
    private readonly Blake2bDigest _digest = new(512);

    public string Algorithm => ContentHasher.Blake2b512;

    public void Append(ReadOnlySpan<byte> content) => _digest.BlockUpdate(content);

    public byte[] Finish()
    {
        var hash = new byte[_digest.GetDigestSize()];
        _digest.DoFinal(hash, 0);
        return hash;
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}

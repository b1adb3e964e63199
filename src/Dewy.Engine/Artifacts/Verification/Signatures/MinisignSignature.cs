using Dewy.Engine.Artifacts.Hashing;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Dewy.Engine.Artifacts.Verification.Signatures;

/// <summary>An Ed25519 signature over the BLAKE2b-512 of a file (<c>ED</c>) or, as older versions made it, over the file itself (<c>Ed</c>).</summary>
internal sealed class MinisignSignature(byte[] publicKey, byte[] signature, bool prehashed) : DetachedSignature
{
    /// <summary>Largest file in bytes that may be signed without hashing it first: Ed25519 needs all of it in memory.</summary>
    private const long MaxUnhashedSize = 64 << 20;

    public override IReadOnlyCollection<string> Algorithms => prehashed ? [ContentHasher.Blake2b512] : [];

    protected override bool Fits(string path, ContentDigests digests)
    {
        if (!prehashed && digests.Length > MaxUnhashedSize)
            throw SignatureFailure.Wrong(FileName, $"it is of the old kind without a hash, which is read up to {MaxUnhashedSize:N0} bytes; sign with a current minisign");
        var message = prehashed ? digests.FindHash(ContentHasher.Blake2b512) : File.ReadAllBytes(path);
        return message is not null && Ed25519.Verify(signature, 0, publicKey, 0, message, 0, message.Length);
    }
}

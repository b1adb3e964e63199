using System.Security.Cryptography;
using Dewy.Engine.Artifacts.Hashing;

namespace Dewy.Engine.Artifacts.Verification.Signatures;

/// <summary>What <c>cosign sign-blob --key</c> writes: ECDSA over the SHA-256 of the file, DER.</summary>
internal sealed class CosignSignature(byte[] publicKey, byte[] signature) : DetachedSignature
{
    public override IReadOnlyCollection<string> Algorithms => ["sha256"];

    protected override bool Fits(string path, ContentDigests digests)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(publicKey, out _);
        return key.VerifyHash(Convert.FromHexString(digests.Sha256.Hex), signature, DSASignatureFormat.Rfc3279DerSequence);
    }
}

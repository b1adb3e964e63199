using System.Security.Cryptography;
using System.Text;

namespace Dewy.Engine.Artifacts.Verification.Signatures;

/// <summary>The public half of a <c>cosign generate-key-pair</c>: ECDSA on P-256.</summary>
internal sealed class CosignKey : SignatureKey
{
    private readonly byte[] _publicKey;

    private CosignKey(byte[] publicKey)
    {
        _publicKey = publicKey;
        Id = Fingerprint("cosign", publicKey);
    }

    public override string Id { get; }

    public override string FileSuffix => ".sig";

    /// <summary>Reads a PEM file.</summary>
    /// <exception cref="FormatException">The key is of another kind.</exception>
    /// <exception cref="ArgumentException">The text is not PEM.</exception>
    /// <exception cref="CryptographicException">The key is malformed.</exception>
    public static CosignKey FromPem(string pem)
    {
        if (!pem.Contains("-----BEGIN PUBLIC KEY-----", StringComparison.Ordinal))
            throw new FormatException("the PEM file holds no public key");
        using var key = ECDsa.Create();
        key.ImportFromPem(pem);
        if (!string.Equals(key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value, ECCurve.NamedCurves.nistP256.Oid.Value, StringComparison.Ordinal))
            throw new FormatException("the key is not on the curve P-256");
        return new CosignKey(key.ExportSubjectPublicKeyInfo());
    }

    public override DetachedSignature Parse(string fileName, byte[] content)
    {
        try
        {
            return new CosignSignature(_publicKey, Convert.FromBase64String(Encoding.ASCII.GetString(content).Trim())) { FileName = fileName, KeyId = Id };
        }
        catch (FormatException exception)
        {
            throw SignatureFailure.Wrong(fileName, "it is not the base64 that cosign sign-blob writes", exception);
        }
    }
}

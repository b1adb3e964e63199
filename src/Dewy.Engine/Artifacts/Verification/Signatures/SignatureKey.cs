using System.Security.Cryptography;

namespace Dewy.Engine.Artifacts.Verification.Signatures;

/// <summary>A public key that artifacts must be signed with: minisign's or cosign's.</summary>
internal abstract class SignatureKey
{
    private const int MaxKeyFileSize = 64 << 10;

    /// <summary>Identity of the key, kept with what it signed: <c>minisign:</c> or <c>cosign:</c> and the SHA-256 of the key.</summary>
    public abstract string Id { get; }

    /// <summary>What a signature's file name adds to the artifact's: <c>.minisig</c> or <c>.sig</c>.</summary>
    public abstract string FileSuffix { get; }

    /// <summary>Reads <c>--verify-key</c>: a minisign public key file or a PEM file with an ECDSA P-256 key.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: the file is missing or neither.</exception>
    public static SignatureKey Load(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxKeyFileSize)
                throw Invalid(path, "it is too large for a key", inner: null);
            var text = File.ReadAllText(path);
            return text.Contains("-----BEGIN", StringComparison.Ordinal) ? CosignKey.FromPem(text) : MinisignKey.FromText(text);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException or CryptographicException or ArgumentException)
        {
            throw Invalid(path, exception.Message, exception);
        }
    }

    /// <summary>Reads a signature file.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.SignatureMismatch"/>: it is malformed or of another key.</exception>
    public abstract DetachedSignature Parse(string fileName, byte[] content);

    /// <summary>How a key is told from others.</summary>
    protected static string Fingerprint(string kind, ReadOnlySpan<byte> key) => $"{kind}:{Convert.ToHexStringLower(SHA256.HashData(key))}";

    private static DewyException Invalid(string path, string why, Exception? inner) =>
        new(ErrorCode.InvalidOption, $"--verify-key {path} cannot be used: {why}", inner)
        {
            Phase = "fetch",
            Target = path,
            NextStep = "Name a minisign public key file, or cosign's cosign.pub (ECDSA P-256, PEM).",
        };
}

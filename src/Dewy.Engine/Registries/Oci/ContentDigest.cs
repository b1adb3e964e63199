using System.Security.Cryptography;

namespace Dewy.Engine.Registries.Oci;

/// <summary>Digests of content as registries use them: SHA-256, seldom SHA-512 (OCI image specification, "Digests").</summary>
internal static class ContentDigest
{
    /// <summary>Reads a digest that content can be named by; null for anything else.</summary>
    public static Digest? Read(string? text) => Digest.TryParse(text, out var digest) && digest.Algorithm is "sha256" or "sha512" ? digest : null;

    public static Digest Of(ReadOnlySpan<byte> content) => Digest.Sha256(SHA256.HashData(content));

    public static bool Matches(Digest digest, ReadOnlySpan<byte> content)
    {
        ArgumentNullException.ThrowIfNull(digest);
        var hash = digest.Algorithm is "sha512" ? SHA512.HashData(content) : SHA256.HashData(content);
        return string.Equals(digest.Hex, Convert.ToHexStringLower(hash), StringComparison.Ordinal);
    }
}

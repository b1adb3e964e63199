using System.Diagnostics.CodeAnalysis;

namespace Dewy;

/// <summary>The content digest of an artifact or image: an algorithm and lower-case hexadecimal digits.</summary>
public sealed record Digest
{
    private Digest(string algorithm, string hex)
    {
        Algorithm = algorithm;
        Hex = hex;
    }

    /// <summary>Lower-case algorithm name: <c>sha256</c>, <c>sha512</c>, <c>sha1</c>, <c>md5</c> or <c>crc32c</c>.</summary>
    public string Algorithm { get; }

    /// <summary>Lower-case hexadecimal digits, two a byte.</summary>
    public string Hex { get; }

    /// <summary>Reads <c>algorithm:hex</c>, the form the OCI specification and the GitHub API use.</summary>
    /// <exception cref="FormatException">The text is not of that form or the length does not fit the algorithm.</exception>
    public static Digest Parse(string text) =>
        TryParse(text, out var digest) ? digest : throw new FormatException($"'{text}' is not a digest such as sha256:<64 hexadecimal digits>.");

    /// <summary>Reads <c>algorithm:hex</c>; false where the text is anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Digest? digest)
    {
        digest = null;
        var colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        return text is not null && colon > 0 && TryCreate(text[..colon], text[(colon + 1)..], out digest);
    }

    /// <summary>Pairs an algorithm with its digits; false where the algorithm is unknown or the digits do not fit it.</summary>
    public static bool TryCreate(string algorithm, string hex, [NotNullWhen(true)] out Digest? digest)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        ArgumentNullException.ThrowIfNull(hex);
        digest = null;
        var name = algorithm.ToLowerInvariant();
        if (HexLength(name) != hex.Length || !hex.All(char.IsAsciiHexDigit))
            return false;
        digest = new Digest(name, hex.ToLowerInvariant());
        return true;
    }

    /// <summary>A SHA-256 digest from its 32 bytes.</summary>
    public static Digest Sha256(ReadOnlySpan<byte> hash) =>
        hash.Length == 32 ? new Digest("sha256", Convert.ToHexStringLower(hash)) : throw new ArgumentException("A SHA-256 hash has 32 bytes.", nameof(hash));

    /// <inheritdoc/>
    public override string ToString() => $"{Algorithm}:{Hex}";

    private static int HexLength(string algorithm) => algorithm switch
    {
        "sha256" => 64,
        "sha512" => 128,
        "sha1" => 40,
        "md5" => 32,
        "crc32c" => 8,
        _ => -1,
    };
}

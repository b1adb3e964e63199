using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Dewy.Engine.Artifacts.Caching;

/// <summary>Names on disk for cache keys, which hold tags and file names that strangers chose.</summary>
internal static class CacheFileName
{
    /// <summary>Added to an entry's name for its description.</summary>
    public const string DescriptionSuffix = ".dewy.json";

    /// <summary>Ends the name of a file that is being fetched.</summary>
    public const string PartialSuffix = ".partial";

    /// <summary>Leaves room for suffixes below the 255 bytes of common file systems.</summary>
    private const int MaxLength = 180;

    private const int HashDigits = 16;

    private static readonly SearchValues<char> Harmless =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.+@=,~");

    private static readonly string[] WindowsDevices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

    /// <summary>The key itself where it can be a file name on every system (compat); null where it cannot.</summary>
    public static string? Plain(string key) => IsHarmless(key) ? key : null;

    /// <summary>
    /// A name for any key: <c>%</c>, 16 digits of its SHA-256, and the end of the key percent-encoded, so that the
    /// artifact's extension stays. Never equal to a plain name, which holds no <c>%</c>.
    /// </summary>
    public static string Escaped(string key)
    {
        var bytes = Encoding.UTF8.GetBytes(key);
        var readable = new StringBuilder();
        foreach (var single in bytes)
        {
            if (Harmless.Contains((char)single))
                readable.Append((char)single);
            else
                readable.Append('%').Append(single.ToString("X2"));
        }

        var prefix = $"%{Convert.ToHexStringLower(SHA256.HashData(bytes))[..HashDigits]}-";
        var tail = readable.Length > MaxLength - prefix.Length ? readable.ToString(readable.Length - (MaxLength - prefix.Length), MaxLength - prefix.Length) : readable.ToString();
        return prefix + (tail.EndsWith('.') || IsOurs(tail) ? tail + "_" : tail);
    }

    private static bool IsHarmless(string key) =>
        key.Length is > 0 and <= MaxLength
        && !key.AsSpan().ContainsAnyExcept(Harmless)
        && key.Contains("--", StringComparison.Ordinal) // our own directories hold none
        && key is not ['.', ..] and not [.., '.']
        && !IsOurs(key)
        && !IsWindowsDevice(key);

    private static bool IsOurs(string name) =>
        name.EndsWith(DescriptionSuffix, StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(PartialSuffix, StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".tmp", StringComparison.OrdinalIgnoreCase);

    private static bool IsWindowsDevice(string name)
    {
        var stem = name.Split('.')[0];
        return WindowsDevices.Contains(stem, StringComparer.OrdinalIgnoreCase)
            || (stem.Length == 4
                && (stem.StartsWith("COM", StringComparison.OrdinalIgnoreCase) || stem.StartsWith("LPT", StringComparison.OrdinalIgnoreCase))
                && char.IsAsciiDigit(stem[3]));
    }
}

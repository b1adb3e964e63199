using System.Text;

namespace Dewy.Engine.Artifacts.Verification;

/// <summary>
/// The forms of a line: <c>HEX  NAME</c>, <c>HEX *NAME</c>, a bare <c>HEX</c>, <c>SHA256 (NAME) = HEX</c>; the first two
/// and the last also with a backslash before them, which says that the name is escaped (GNU coreutils manual, md5sum).
/// </summary>
internal static class ChecksumLine
{
    /// <summary>The checksum in a line; null where it holds none.</summary>
    public static ChecksumEntry? Parse(ReadOnlySpan<char> line)
    {
        line = line.Trim(" \t\r");
        var escaped = line is ['\\', ..];
        if (escaped)
            line = line[1..];
        return ParseTagged(line, escaped) ?? ParsePlain(line, escaped);
    }

    private static ChecksumEntry? ParsePlain(ReadOnlySpan<char> line, bool escaped)
    {
        var end = line.IndexOfAny(' ', '\t');
        if (end < 0)
            end = line.Length;
        if (Algorithm(end) is not { } algorithm || !Digest.TryCreate(algorithm, line[..end].ToString(), out var digest))
            return null;
        var name = line[end..];
        name = name switch
        {
            [' ', ' ' or '*', .. var verbatim] => verbatim,
            _ => name.TrimStart(),
        };
        return new ChecksumEntry(digest, name.IsEmpty ? null : Name(name, escaped));
    }

    private static ChecksumEntry? ParseTagged(ReadOnlySpan<char> line, bool escaped)
    {
        var open = line.IndexOf('(');
        var equals = line.LastIndexOf('=');
        if (open <= 0 || equals < open)
            return null;
        var name = line[(open + 1)..equals].TrimEnd();
        return name is [.., ')']
            && Algorithm(line[..open].Trim()) is { } algorithm
            && Digest.TryCreate(algorithm, line[(equals + 1)..].Trim().ToString(), out var digest)
            ? new ChecksumEntry(digest, Name(name[..^1], escaped))
            : null;
    }

    private static string? Algorithm(int hexLength) => hexLength switch
    {
        64 => "sha256",
        128 => "sha512",
        40 => "sha1",
        32 => "md5",
        _ => null,
    };

    private static string? Algorithm(ReadOnlySpan<char> label) => label switch
    {
        "SHA256" or "SHA2-256" => "sha256",
        "SHA512" or "SHA2-512" => "sha512",
        "SHA1" => "sha1",
        "MD5" => "md5",
        _ => null,
    };

    private static string Name(ReadOnlySpan<char> name, bool escaped)
    {
        if (!escaped)
            return name.ToString();
        var plain = new StringBuilder(name.Length);
        for (var i = 0; i < name.Length; i++)
        {
            var (character, length) = name[i..] switch
            {
                ['\\', '\\', ..] => ('\\', 2),
                ['\\', 'n', ..] => ('\n', 2),
                ['\\', 'r', ..] => ('\r', 2),
                [var other, ..] => (other, 1),
                [] => ('\0', 1), // not reached: i is inside the name
            };
            plain.Append(character);
            i += length - 1;
        }

        return plain.ToString();
    }
}

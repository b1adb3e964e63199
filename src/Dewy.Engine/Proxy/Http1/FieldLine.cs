using System.Buffers;
using System.Runtime.InteropServices;

namespace Dewy.Engine.Proxy.Http1;

/// <summary>Where in a message a field's name and value are (RFC 9112, 5).</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FieldLine(int NameStart, int NameLength, int ValueStart, int ValueLength)
{
    /// <summary>Control characters but the tab: none of them may be in a value (RFC 9110, 5.5).</summary>
    private static readonly SearchValues<byte> Forbidden =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Where(code => code != '\t').Append(0x7F).Select(code => (byte)code)]);

    /// <summary>Of which names are made (RFC 9110, 5.6.2).</summary>
    private static readonly SearchValues<byte> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>Whether it is at least one character, and none that a token may not hold.</summary>
    public static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenCharacters);

    /// <summary>Whether no control character is in it but tabs.</summary>
    public static bool IsText(ReadOnlySpan<byte> text) => !text.ContainsAny(Forbidden);

    /// <summary>
    /// Reads one line. A space before the colon, or at the beginning, where it once meant that the line before goes on, is
    /// refused: others may read it differently.
    /// </summary>
    /// <param name="line">Without its end.</param>
    /// <param name="offset">Of the line in its message.</param>
    /// <param name="field">What was found.</param>
    /// <returns>False where it is malformed.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, int offset, out FieldLine field)
    {
        field = default;
        var colon = line.IndexOf((byte)':');
        if (colon < 0 || !IsToken(line[..colon]) || !IsText(line[(colon + 1)..]))
            return false;
        var value = line[(colon + 1)..].TrimStart(" \t"u8);
        var start = line.Length - value.Length;
        field = new FieldLine(offset, colon, offset + start, value.TrimEnd(" \t"u8).Length);
        return true;
    }

    /// <summary>Its name in the message.</summary>
    public ReadOnlySpan<byte> Name(ReadOnlySpan<byte> message) => message.Slice(NameStart, NameLength);

    /// <summary>Its value in the message.</summary>
    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> message) => message.Slice(ValueStart, ValueLength);
}

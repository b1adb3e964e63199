using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Dewy.Engine.Proxy.Http1;

/// <summary>Writes lines of a message from text that others gave, and none that would not be one line.</summary>
internal static class FieldWriter
{
    /// <summary>What no value may hold (RFC 9110, 5.5): all control characters but the tab.</summary>
    private static readonly SearchValues<char> Forbidden =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Where(code => code != '\t').Append(0x7F).Select(code => (char)code)]);

    /// <summary>Of which names and methods are made (RFC 9110, 5.6.2).</summary>
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Longest number in decimal.</summary>
    private const int MostDigits = 20;

    /// <summary>Writes the first line of a request; false where it would not be one.</summary>
    public static bool TryWriteRequestLine(IBufferWriter<byte> writer, string method, string target)
    {
        if (!IsToken(method) || target.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return false;
        var line = writer.GetSpan(method.Length + target.Length + 12);
        var at = Encoding.Latin1.GetBytes(method, line);
        line[at++] = (byte)' ';
        at += Encoding.Latin1.GetBytes(target, line[at..]);
        " HTTP/1.1\r\n"u8.CopyTo(line[at..]);
        writer.Advance(at + 11);
        return true;
    }

    /// <summary>Writes a field; false where its name or value cannot be one.</summary>
    public static bool TryWrite(IBufferWriter<byte> writer, string name, string value)
    {
        if (!IsToken(name) || value.AsSpan().ContainsAny(Forbidden) || value.AsSpan().ContainsAnyExceptInRange('\0', '\u00FF'))
            return false;
        var line = writer.GetSpan(name.Length + value.Length + 4);
        var at = Encoding.Latin1.GetBytes(name, line);
        line[at++] = (byte)':';
        line[at++] = (byte)' ';
        at += Encoding.Latin1.GetBytes(value, line[at..]);
        line[at++] = (byte)'\r';
        line[at++] = (byte)'\n';
        writer.Advance(at);
        return true;
    }

    public static void WriteLength(IBufferWriter<byte> writer, long length)
    {
        writer.Write("Content-Length: "u8);
        Utf8Formatter.TryFormat(length, writer.GetSpan(MostDigits), out var digits);
        writer.Advance(digits);
        writer.Write("\r\n"u8);
    }

    private static bool IsToken(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(TokenCharacters);
}

using System.Text;

namespace Dewy.Engine.Composition.Configuration;

/// <summary>A place in a text file; line and column are counted from 1, as editors do.</summary>
internal sealed record TextPosition(int Line, int Column)
{
    /// <summary>The place of a byte of UTF-8 text.</summary>
    public static TextPosition Of(ReadOnlySpan<byte> content, long index)
    {
        var before = content[..(int)Math.Min(index, content.Length)];
        var lastBreak = before.LastIndexOf((byte)'\n');
        return new TextPosition(before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[(lastBreak + 1)..]) + 1);
    }

    /// <summary>The form that editors and terminals turn into a link.</summary>
    public string In(string path) => $"{path}({Line},{Column})";
}

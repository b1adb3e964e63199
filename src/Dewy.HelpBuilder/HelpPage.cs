namespace Dewy.HelpBuilder;

/// <summary>
/// What a person wrote about a cmdlet, in a small part of Markdown: <c># Name</c> and a synopsis, <c>## Description</c>,
/// <c>## Parameters</c> with <c>### -Name</c>, <c>## Examples</c> with <c>### Title</c> and fenced code, <c>## Links</c>.
/// </summary>
internal sealed record HelpPage(string Name, IReadOnlyList<string> Synopsis)
{
    private const string Fence = "```";

    public IReadOnlyList<string> Description { get; init; } = [];

    /// <summary>Texts of parameters by name without dash.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Parameters { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    public IReadOnlyList<HelpExample> Examples { get; init; } = [];

    public IReadOnlyList<string> Links { get; init; } = [];

    public static HelpPage Parse(string markdown)
    {
        var (name, top) = Sections(markdown.ReplaceLineEndings("\n").Split('\n'), "# ").First();
        var (synopsis, rest) = Head(top, "## ");
        var parts = Sections(rest, "## ").ToDictionary(part => part.Title, part => part.Lines, StringComparer.Ordinal);
        return new HelpPage(name, Paragraphs(synopsis))
        {
            Description = Paragraphs(Part(parts, "Description")),
            Parameters = Sections(Part(parts, "Parameters"), "### ").ToDictionary(part => part.Title.TrimStart('-'), part => Paragraphs(part.Lines), StringComparer.Ordinal),
            Examples = [.. Sections(Part(parts, "Examples"), "### ").Select(part => Example(part.Title, part.Lines))],
            Links = [.. Part(parts, "Links").Where(line => line.StartsWith("- ", StringComparison.Ordinal)).Select(line => line[2..].Trim())],
        };
    }

    private static HelpExample Example(string title, string[] lines)
    {
        var begin = Array.FindIndex(lines, line => line.StartsWith(Fence, StringComparison.Ordinal));
        var end = begin < 0 ? -1 : Array.FindIndex(lines, begin + 1, line => line.StartsWith(Fence, StringComparison.Ordinal));
        return end < 0
            ? throw new FormatException($"The example '{title}' has no fenced code.")
            : new HelpExample(title, string.Join('\n', lines[(begin + 1)..end]), Paragraphs(lines[(end + 1)..]));
    }

    private static string[] Part(Dictionary<string, string[]> parts, string title) => parts.TryGetValue(title, out var lines) ? lines : [];

    private static (string[] Head, string[] Tail) Head(string[] lines, string mark)
    {
        var first = Array.FindIndex(lines, line => line.StartsWith(mark, StringComparison.Ordinal));
        return first < 0 ? (lines, []) : (lines[..first], lines[first..]);
    }

    private static IEnumerable<(string Title, string[] Lines)> Sections(string[] lines, string mark)
    {
        var fenced = false;
        var starts = new List<int>();
        for (var index = 0; index < lines.Length; index++)
        {
            if (lines[index].StartsWith(Fence, StringComparison.Ordinal))
                fenced = !fenced;
            else if (!fenced && lines[index].StartsWith(mark, StringComparison.Ordinal))
                starts.Add(index);
        }

        for (var number = 0; number < starts.Count; number++)
        {
            var end = number + 1 < starts.Count ? starts[number + 1] : lines.Length;
            yield return (lines[starts[number]][mark.Length..].Trim(), lines[(starts[number] + 1)..end]);
        }
    }

    /// <summary>Paragraphs, their lines joined; the marks of code and emphasis go, help is plain text.</summary>
    private static IReadOnlyList<string> Paragraphs(string[] lines)
    {
        var paragraphs = string.Join('\n', lines).Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. paragraphs.Select(paragraph => paragraph.Replace("\n- ", "\u0001- ", StringComparison.Ordinal).Replace('\n', ' ').Replace('\u0001', '\n').Replace("`", "", StringComparison.Ordinal))];
    }
}

using System.Text;

namespace Dewy.Cli.Help;

/// <summary>What <c>--help</c> shows of one command.</summary>
/// <param name="Name">The command; empty for <c>dewy</c> itself.</param>
/// <param name="Summary">What it does, in half a sentence.</param>
internal sealed record HelpPage(string Name, string Summary)
{
    private const int Width = 100;
    private const int TermWidth = 34;

    public required string Usage { get; init; }

    /// <summary>A paragraph or several.</summary>
    public string Text { get; init; } = "";

    public IReadOnlyList<HelpSection> Sections { get; init; } = [];

    public IReadOnlyList<string> Examples { get; init; } = [];

    public string Render()
    {
        var page = new StringBuilder();
        page.AppendLine($"dewy{(Name.Length > 0 ? " " : "")}{Name}: {Summary}").AppendLine();
        page.AppendLine("Usage").AppendLine($"  {Usage}").AppendLine();
        foreach (var paragraph in Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var line in Wrap(paragraph, Width))
                page.AppendLine(line);
            page.AppendLine();
        }

        foreach (var section in Sections)
            Add(page, section);
        if (Examples.Count > 0)
        {
            page.AppendLine("Examples");
            foreach (var example in Examples)
                page.AppendLine($"  {example}");
        }

        return page.ToString().TrimEnd() + Environment.NewLine;
    }

    private static void Add(StringBuilder page, HelpSection section)
    {
        page.AppendLine(section.Title);
        foreach (var row in section.Rows)
        {
            // A term too long for its column stands alone, its text below.
            var term = $"  {row.Term}";
            var fits = term.Length < TermWidth;
            if (!fits)
                page.AppendLine(term);
            foreach (var (line, index) in Wrap(row.Text, Width - TermWidth).Select((line, index) => (line, index)))
                page.AppendLine((fits && index == 0 ? term : "").PadRight(TermWidth) + line);
        }

        page.AppendLine();
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        yield return line.ToString();
    }
}

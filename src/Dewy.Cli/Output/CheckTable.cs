using System.Text;

namespace Dewy.Cli.Output;

/// <summary>Checks for people: one a line under the name of their application, and below each that wants something what to do.</summary>
internal static class CheckTable
{
    private const int NameWidth = 19;

    /// <param name="checks">What was found.</param>
    /// <param name="symbols">Whether the terminal has more than ASCII.</param>
    public static string Of(IReadOnlyList<ConfigurationCheck> checks, bool symbols)
    {
        var text = new StringBuilder();
        var indent = new string(' ', 2 + Mark(CheckResult.Passed, symbols).Length + 1);
        foreach (var group in checks.GroupBy(check => check.Application, StringComparer.Ordinal))
        {
            text.AppendLine(TextTable.Printable(group.Key ?? "configuration"));
            foreach (var check in group)
            {
                var lines = Sentence(check).Split('\n').Select(TextTable.Printable).ToList(); // options may be wrong in several ways
                text.AppendLine($"  {Mark(check.Result, symbols)} {check.Name,-NameWidth}{lines[0]}");
                if (check is { Result: CheckResult.Failed or CheckResult.Warning, NextStep: { } step })
                    lines.Add($"{(symbols ? "→" : "->")} {TextTable.Printable(step)}");
                foreach (var line in lines.Skip(1))
                    text.AppendLine($"{indent}{"",-NameWidth}{line}");
            }

            text.AppendLine();
        }

        return text.AppendLine(Summary(checks)).ToString();
    }

    private static string Sentence(ConfigurationCheck check) =>
        check.Target is { } target && !check.Message.Contains(target, StringComparison.Ordinal) ? $"{target}: {check.Message}" : check.Message;

    private static string Mark(CheckResult result, bool symbols) => (result, symbols) switch
    {
        (CheckResult.Passed, true) => "✓",
        (CheckResult.Warning, true) => "!",
        (CheckResult.Failed, true) => "✗",
        (_, true) => "–",
        (CheckResult.Passed, _) => "passed ",
        (CheckResult.Warning, _) => "WARNING",
        (CheckResult.Failed, _) => "FAILED ",
        _ => "skipped",
    };

    private static string Summary(IReadOnlyList<ConfigurationCheck> checks)
    {
        var parts = Enum.GetValues<CheckResult>()
            .Select(result => (Count: checks.Count(check => check.Result == result), Word: result is CheckResult.Warning ? "warned of" : result.ToString().ToLowerInvariant()))
            .Where(part => part.Count > 0)
            .Select(part => $"{part.Count} {part.Word}");
        return $"{checks.Count} checked: {string.Join(", ", parts)}.";
    }
}

namespace Dewy.Cli.Service.Windows;

/// <summary>What of a line goes into Windows' event log.</summary>
/// <param name="Text">The line.</param>
/// <param name="IsError">Whether something was lost, rather than worth a look.</param>
internal sealed record EventLogEntry(string Text, bool IsError)
{
    /// <summary>Longest entry Windows takes, in characters, with room for what it adds.</summary>
    public const int LongestText = 31_000;

    /// <summary>The entry for a line written to standard error; null where it is not worth one.</summary>
    public static EventLogEntry? Of(string line)
    {
        var text = line.TrimEnd('\r', ' ');
        if (text.Length == 0)
            return null;
        var level = LevelOf(text);
        if (level is "INFO" or "DEBUG")
            return null;
        return new EventLogEntry(text.Length > LongestText ? text[..LongestText] : text, level is not "WARN");
    }

    /// <summary>The level of a line of the log, in either format; null of what is none, such as why the command line is refused.</summary>
    private static string? LevelOf(string line)
    {
        string[] levels = ["DEBUG", "INFO", "WARN", "ERROR"];
        return line.StartsWith('{')
            ? Array.Find(levels, level => line.Contains($"\"level\":\"{level}\"", StringComparison.Ordinal))
            : line.Split(' ', 3) is [_, var word, ..] ? Array.Find(levels, level => level == word) : null;
    }
}

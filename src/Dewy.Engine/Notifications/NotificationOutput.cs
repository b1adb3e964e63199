namespace Dewy.Engine.Notifications;

/// <summary>What a program said.</summary>
/// <param name="Title">Where it comes from.</param>
/// <param name="Text">Its lines; the end matters most.</param>
internal sealed record NotificationOutput(string Title, string Text)
{
    /// <summary>The end of the text, at most so many characters, from the beginning of a line where there is one.</summary>
    public string End(int longest)
    {
        var text = Text.TrimEnd();
        if (text.Length <= longest)
            return text;
        var end = text[^(longest - 2)..];
        if (char.IsLowSurrogate(end[0]))
            end = end[1..];
        var line = end.IndexOf('\n', StringComparison.Ordinal);
        return "…\n" + (line >= 0 && line < end.Length / 2 ? end[(line + 1)..] : end);
    }
}

namespace Dewy.Engine.Notifications;

/// <summary>Text as long as a service takes it.</summary>
internal static class ShortText
{
    /// <summary>The beginning of a text, at most so many characters.</summary>
    public static string Of(string text, int longest)
    {
        if (text.Length <= longest)
            return text;
        var cut = char.IsHighSurrogate(text[longest - 2]) ? longest - 2 : longest - 1;
        return text[..cut] + "…";
    }
}

namespace Dewy.Engine.Composition;

/// <summary>The text given for one option, and what is needed to make sense of it.</summary>
/// <param name="Values">The values in the order given; at least one.</param>
/// <param name="BaseDirectory">Absolute path relative ones are meant from.</param>
internal sealed record OptionInput(IReadOnlyList<string> Values, string BaseDirectory)
{
    /// <summary>The only value of an option that is no list.</summary>
    public string Text => Values[^1];

    /// <summary>The value as an absolute path.</summary>
    public string Path => System.IO.Path.GetFullPath(NotEmpty(Text), BaseDirectory);

    /// <summary>The value, which must not be blank.</summary>
    public static string NotEmpty(string value) =>
        string.IsNullOrWhiteSpace(value) ? throw new FormatException("a value is missing") : value;
}

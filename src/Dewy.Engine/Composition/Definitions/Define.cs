namespace Dewy.Engine.Composition.Definitions;

/// <summary>Makes definitions of each kind: reading and range come with the kind, only the destination differs.</summary>
internal static class Define
{
    public static OptionDefinition Text(string name, OptionGroup group, string valueName, string help, Func<ApplicationOptions, string, ApplicationOptions> apply) => new()
    {
        Name = name,
        Kind = OptionKind.Text,
        Group = group,
        ValueName = valueName,
        Help = help,
        Apply = (options, input) => apply(options, OptionInput.NotEmpty(input.Text)),
    };

    public static OptionDefinition List(string name, OptionGroup group, string valueName, string help, Func<ApplicationOptions, IReadOnlyList<string>, ApplicationOptions> apply) => new()
    {
        Name = name,
        Kind = OptionKind.Text,
        Group = group,
        Repeatable = true,
        ValueName = valueName,
        Help = help,
        Apply = (options, input) => apply(options, [.. input.Values.Select(OptionInput.NotEmpty)]),
    };

    public static OptionDefinition Path(string name, OptionGroup group, string valueName, string help, Func<ApplicationOptions, string, ApplicationOptions> apply) => new()
    {
        Name = name,
        Kind = OptionKind.Path,
        Group = group,
        ValueName = valueName,
        Help = help,
        Apply = (options, input) => apply(options, input.Path),
    };

    public static OptionDefinition Switch(string name, OptionGroup group, string help, Func<ApplicationOptions, bool, ApplicationOptions> apply) => new()
    {
        Name = name,
        Kind = OptionKind.Switch,
        Group = group,
        Default = "off",
        Help = help,
        Apply = (options, input) => apply(options, ReadSwitch(input.Text)),
    };

    public static OptionDefinition Choice(string name, OptionGroup group, string @default, IReadOnlyList<string> choices, string help, Func<ApplicationOptions, string, ApplicationOptions> apply) => new()
    {
        Name = name,
        Kind = OptionKind.Choice,
        Group = group,
        Default = @default,
        ValueName = string.Join('|', choices),
        Choices = choices,
        Help = help,
        Apply = (options, input) => apply(options, ReadChoice(input.Text, choices)),
    };

    /// <summary>A duration within <paramref name="minimum"/> and <paramref name="maximum"/>, both allowed.</summary>
    public static OptionDefinition Duration(string name, OptionGroup group, string @default, TimeSpan minimum, TimeSpan maximum, string help, Func<ApplicationOptions, TimeSpan, ApplicationOptions> apply) => new()
    {
        Name = name,
        Kind = OptionKind.Duration,
        Group = group,
        Default = @default,
        ValueName = "duration",
        Minimum = (decimal)minimum.TotalSeconds,
        Maximum = (decimal)maximum.TotalSeconds,
        Help = help,
        Apply = (options, input) => apply(options, ReadDuration(input.Text, minimum, maximum)),
    };

    /// <summary>A size in bytes of at least <paramref name="minimum"/>.</summary>
    public static OptionDefinition Size(string name, OptionGroup group, string @default, long minimum, string help, Func<ApplicationOptions, long, ApplicationOptions> apply) => new()
    {
        Name = name,
        Kind = OptionKind.Size,
        Group = group,
        Default = @default,
        ValueName = "size",
        Minimum = minimum,
        Help = help,
        Apply = (options, input) => apply(options, ReadSize(input.Text, minimum)),
    };

    /// <summary>A whole number within <paramref name="minimum"/> and <paramref name="maximum"/>, both allowed.</summary>
    public static OptionDefinition Number(string name, OptionGroup group, string @default, int minimum, int maximum, string help, Func<ApplicationOptions, int, ApplicationOptions> apply) => new()
    {
        Name = name,
        Kind = OptionKind.Number,
        Group = group,
        Default = @default,
        ValueName = "number",
        Minimum = minimum,
        Maximum = maximum,
        Help = help,
        Apply = (options, input) => apply(options, ReadNumber(input.Text, minimum, maximum)),
    };

    private static bool ReadSwitch(string text) => text.Trim().ToLowerInvariant() switch
    {
        "true" or "1" or "yes" or "on" => true,
        "false" or "0" or "no" or "off" => false,
        _ => throw new FormatException($"'{text}' is neither true nor false"),
    };

    private static string ReadChoice(string text, IReadOnlyList<string> choices) =>
        choices.FirstOrDefault(choice => choice.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase))
        ?? throw new FormatException($"'{text}' is not one of {string.Join(", ", choices)}");

    private static TimeSpan ReadDuration(string text, TimeSpan minimum, TimeSpan maximum)
    {
        if (!DurationText.TryParse(text, out var duration))
            throw new FormatException($"'{text}' is not a duration such as 30, 30s, 5m or 1h30m");
        if (duration < minimum || duration > maximum)
            throw new FormatException($"'{text}' is outside {DurationText.Format(minimum)} to {DurationText.Format(maximum)}");
        return duration;
    }

    private static long ReadSize(string text, long minimum)
    {
        if (!SizeText.TryParse(text, out var bytes))
            throw new FormatException($"'{text}' is not a size such as 500MB, 4GiB or a number of bytes");
        if (bytes < minimum)
            throw new FormatException($"'{text}' is less than {minimum}");
        return bytes;
    }

    private static int ReadNumber(string text, int minimum, int maximum)
    {
        if (!int.TryParse(text.Trim(), out var number))
            throw new FormatException($"'{text}' is not a whole number");
        if (number < minimum || number > maximum)
            throw new FormatException($"{number} is outside {minimum} to {maximum}");
        return number;
    }
}

namespace Dewy.Engine.Composition.Configuration;

/// <summary>How much of a configuration file is needed: what the rest refers to may not be for this user to read.</summary>
/// <param name="Names">Options; null for all.</param>
/// <param name="Variables">Whether variables are.</param>
internal sealed record OptionScope(IReadOnlyList<string>? Names, bool Variables)
{
    public static OptionScope All { get; } = new(Names: null, Variables: true);

    /// <summary>Whether it must be clear which of several applications is meant; false where what is said of all of them will do.</summary>
    public bool NeedsApplication { get; init; } = true;

    /// <summary>Some options and no variables.</summary>
    public static OptionScope Of(params IReadOnlyList<string> names) => new(names, Variables: false);

    public bool Includes(OptionDefinition option) => Names?.Contains(option.Name, StringComparer.Ordinal) ?? true;
}

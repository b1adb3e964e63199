namespace Dewy.HelpBuilder;

/// <summary>A parameter as compiled.</summary>
internal sealed record ParameterFacts(string Name, string Type, bool IsList, bool IsSwitch, IReadOnlyList<ParameterUse> Uses)
{
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The words that are allowed; empty where any value is.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    public bool Wildcards { get; init; }

    /// <summary>How it is used in a set; null where it does not belong to the set.</summary>
    public ParameterUse? In(string? set) =>
        Uses.FirstOrDefault(use => use.Set is null || set is null || string.Equals(use.Set, set, StringComparison.Ordinal));
}

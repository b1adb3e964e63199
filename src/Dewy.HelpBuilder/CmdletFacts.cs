namespace Dewy.HelpBuilder;

/// <summary>A cmdlet as compiled.</summary>
internal sealed record CmdletFacts(string Verb, string Noun, IReadOnlyList<ParameterFacts> Parameters, IReadOnlyList<string> OutputTypes)
{
    /// <summary>The set that PowerShell takes when several would do; null for the only one.</summary>
    public string? DefaultSet { get; init; }

    public string Name => $"{Verb}-{Noun}";

    /// <summary>Names of the parameter sets, the default one first; one null where there is only one.</summary>
    public IReadOnlyList<string?> Sets
    {
        get
        {
            var named = Parameters.SelectMany(parameter => parameter.Uses).Select(use => use.Set).Append(DefaultSet).OfType<string>().Distinct(StringComparer.Ordinal);
            string?[] sets = [.. named.OrderByDescending(set => string.Equals(set, DefaultSet, StringComparison.Ordinal)).ThenBy(set => set, StringComparer.Ordinal)];
            return sets.Length == 0 ? [null] : sets;
        }
    }
}

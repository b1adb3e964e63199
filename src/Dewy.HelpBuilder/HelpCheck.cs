namespace Dewy.HelpBuilder;

/// <summary>What help must have: it and the cmdlet say the same.</summary>
internal static class HelpCheck
{
    private const int FewestExamples = 2;

    public static IEnumerable<string> Of(CmdletFacts cmdlet, HelpPage page, HelpPage shared)
    {
        if (!string.Equals(page.Name, cmdlet.Name, StringComparison.Ordinal))
            yield return $"the title is not {cmdlet.Name}";
        if (page.Synopsis.Count != 1)
            yield return $"{cmdlet.Name} needs a synopsis of one paragraph";
        if (page.Description.Count == 0)
            yield return $"{cmdlet.Name} needs a description";
        if (page.Examples.Count < FewestExamples)
            yield return $"{cmdlet.Name} needs at least {FewestExamples} examples";
        foreach (var parameter in cmdlet.Parameters.Where(parameter => !page.Parameters.ContainsKey(parameter.Name) && !shared.Parameters.ContainsKey(parameter.Name)))
            yield return $"-{parameter.Name} of {cmdlet.Name} is not described";
        var known = cmdlet.Parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in page.Parameters.Keys.Where(name => !known.Contains(name)))
            yield return $"-{name} is described and {cmdlet.Name} has no such parameter";
    }
}

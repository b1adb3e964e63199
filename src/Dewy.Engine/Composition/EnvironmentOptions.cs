namespace Dewy.Engine.Composition;

/// <summary>Options out of environment variables: <c>DEWY_</c> and the flag in capitals, lists separated by semicolons.</summary>
public static class EnvironmentOptions
{
    /// <summary>What the Go program calls the cache directory.</summary>
    private const string CompatibleCacheName = "DEWY_CACHEDIR";

    /// <summary>Every option that a variable sets. Variables that are empty set nothing; unknown ones are none of ours.</summary>
    public static OptionSet Read(IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var options = new OptionSet();
        foreach (var definition in OptionCatalog.All.Where(definition => definition.FromEnvironment))
        {
            if (!environment.TryGetValue(definition.EnvironmentName, out var text) || string.IsNullOrWhiteSpace(text))
                continue;

            var values = definition.Repeatable ? text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [text];
            foreach (var value in values)
                options.AddGeneral(definition.Name, value, definition.EnvironmentName);
        }

        if (!options.Contains("cache") && environment.TryGetValue(CompatibleCacheName, out var directory) && !string.IsNullOrWhiteSpace(directory))
            options.AddGeneral("cache", directory, CompatibleCacheName);
        return options;
    }
}

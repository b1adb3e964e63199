using System.Collections;

namespace Dewy;

/// <summary>
/// Options as a person gave them: long flag names without dashes (<c>health-path</c>) and their values as text.
/// The engine owns their meaning; every front end (flags, environment, file, cmdlet parameters) only fills one of these.
/// </summary>
public sealed class OptionSet : IEnumerable<KeyValuePair<string, IReadOnlyList<string>>>
{
    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);

    /// <summary>Where each option came from, for error messages, such as <c>--health-path</c>, <c>DEWY_HEALTH_PATH</c> or <c>-HealthPath</c>.</summary>
    private readonly Dictionary<string, string> _origins = new(StringComparer.Ordinal);

    private readonly HashSet<string> _general = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);
    private readonly HashSet<string> _secrets = new(StringComparer.Ordinal);

    /// <summary>Absolute path that relative paths are meant from; null for the process's working directory.</summary>
    public string? BaseDirectory { get; init; }

    /// <summary>Credential for the registry; null where those of the environment are meant. No option, so that nothing that shows options shows it.</summary>
    public GivenCredential? Credential { get; set; }

    /// <summary>Whether environment and configuration file are in it: neither is read again then.</summary>
    public bool IsComplete { get; init; }

    /// <summary>Where an option that is missing would be written, such as the line of its application in a configuration file; null for the command line.</summary>
    public string? Place { get; init; }

    /// <summary>Variables that are added to the agent's environment for this application. They may be secret and are no options.</summary>
    public IReadOnlyDictionary<string, string> Variables => _variables;

    /// <summary>Values that a configuration file took from elsewhere: whoever shows text takes them out of it.</summary>
    public IReadOnlyCollection<string> Secrets => _secrets;

    /// <summary>Number of options that were given.</summary>
    public int Count => _values.Count;

    /// <summary>Adds a value; repeated calls add to a list.</summary>
    /// <param name="name">Long flag name without dashes.</param>
    /// <param name="value">The value as text; <c>true</c> for a switch.</param>
    /// <param name="origin">How the person spelled the option; <c>--name</c> where left out.</param>
    public OptionSet Add(string name, string value, string? origin = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        if (!_values.TryGetValue(name, out var list))
            _values[name] = list = [];
        list.Add(value);
        _origins.TryAdd(name, origin ?? $"--{name}");
        return this;
    }

    /// <summary>Adds a value that is meant for whatever application it fits, such as one of the environment.</summary>
    /// <inheritdoc cref="Add"/>
    public OptionSet AddGeneral(string name, string value, string? origin = null)
    {
        Add(name, value, origin);
        _general.Add(name);
        return this;
    }

    /// <summary>Adds a variable; one of that name stays as it is.</summary>
    public OptionSet AddVariable(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        _variables.TryAdd(name, value);
        return this;
    }

    /// <summary>Adds a value that nobody may see.</summary>
    public OptionSet AddSecret(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _secrets.Add(value);
        return this;
    }

    /// <summary>Whether the option is passed over in silence where it means nothing.</summary>
    public bool IsGeneral(string name) => _general.Contains(name);

    /// <summary>Whether the option was given.</summary>
    public bool Contains(string name) => _values.ContainsKey(name);

    /// <summary>The values in the order given; empty where the option was not.</summary>
    public IReadOnlyList<string> Values(string name) => _values.TryGetValue(name, out var list) ? list : [];

    /// <summary>How the person spelled the option, or would have to.</summary>
    public string Origin(string name) => _origins.TryGetValue(name, out var origin) ? origin : Place is null ? $"--{name}" : $"{Place}: \"{name}\"";

    /// <summary>Takes over every option and variable of <paramref name="other"/> that is not set here: the way precedence is made.</summary>
    public OptionSet FillFrom(OptionSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Credential ??= other.Credential;
        _secrets.UnionWith(other._secrets);
        foreach (var (name, value) in other._variables)
            _variables.TryAdd(name, value);
        foreach (var (name, values) in other._values)
        {
            if (_values.ContainsKey(name))
                continue;
            _values[name] = [.. values];
            _origins[name] = other.Origin(name);
            if (other.IsGeneral(name))
                _general.Add(name);
        }

        return this;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, IReadOnlyList<string>>> GetEnumerator() =>
        _values.Select(pair => new KeyValuePair<string, IReadOnlyList<string>>(pair.Key, pair.Value)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

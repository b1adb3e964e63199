namespace Dewy.Engine.Composition;

/// <summary>Puts together what was given in several places: flag before environment before file.</summary>
public static class OptionSources
{
    /// <summary>A new set, about the same base directory, with what <paramref name="options"/> has, then what the environment sets, then what the configuration file sets that either names.</summary>
    /// <exception cref="DewyException">The configuration file cannot be read.</exception>
    public static OptionSet Complete(OptionSet options, string baseDirectory, IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        var complete = new OptionSet { BaseDirectory = options.BaseDirectory ?? baseDirectory }.FillFrom(options).FillFrom(EnvironmentOptions.Read(environment));
        if (complete.Values("config") is [.., var file] && !string.IsNullOrWhiteSpace(file))
            complete.FillFrom(ConfigurationFile.Read(Path.GetFullPath(file, baseDirectory)));
        return complete;
    }
}

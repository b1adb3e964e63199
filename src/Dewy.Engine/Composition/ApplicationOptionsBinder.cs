using Dewy.Engine.Containers;
using Dewy.Engine.Diagnostics;
using Dewy.Engine.Processes;
using Dewy.Engine.Proxy;
using Dewy.Engine.Releases;
using Dewy.Engine.Replicas;

namespace Dewy.Engine.Composition;

/// <summary>Makes validated options out of what a person gave. All that is wrong is told at once.</summary>
public static class ApplicationOptionsBinder
{
    /// <summary>Binds all options.</summary>
    /// <param name="options">What was given directly; environment and configuration file are added here.</param>
    /// <param name="baseDirectory">Absolute path that relative ones are meant from, and the default root.</param>
    /// <param name="environment">The environment of the front end.</param>
    /// <param name="registryRequired">False for operations on a root that ask no registry: <see cref="ApplicationOptions.Registry"/> then has the scheme <c>none</c> where none was given.</param>
    /// <param name="looksOnly">True where the registry is only looked at: then one of images will do as well.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/> or <see cref="ErrorCode.InvalidConfiguration"/>, naming each option as it was spelled.</exception>
    public static ApplicationOptions Bind(OptionSet options, string baseDirectory, IReadOnlyDictionary<string, string> environment, bool registryRequired = true, bool looksOnly = false)
    {
        var complete = OptionSources.Complete(options, baseDirectory, environment);
        var problems = new OptionProblems();
        var mode = ModeInference.Infer(complete, problems, looksOnly);
        RefuseStrangers(complete, mode, problems);

        var bound = Fold(complete, OptionCatalog.All.Where(definition => definition.Modes.Contains(mode)), Defaults(mode, baseDirectory), baseDirectory, problems);
        if (registryRequired && !complete.Contains("registry"))
            problems.Add("--registry", "a registry is required: --registry <url>, DEWY_REGISTRY, or \"registry\" in a configuration file");
        bound = PortAssignment.Apply(bound);
        CrossCheck.Validate(complete, bound, problems);
        problems.ThrowIfAny();
        return bound with { Credential = complete.Credential, Name = bound.Name.Length > 0 ? bound.Name : ApplicationName.From(bound) };
    }

    /// <summary>Binds the root alone, for operations that need nothing else.</summary>
    /// <returns>Its absolute path.</returns>
    /// <inheritdoc cref="Bind"/>
    public static string BindRoot(OptionSet options, string baseDirectory, IReadOnlyDictionary<string, string> environment) =>
        BindSome(options, baseDirectory, environment, "root").Deployment.Root;

    /// <summary>Binds what is needed to log, which comes before all else.</summary>
    /// <inheritdoc cref="Bind"/>
    public static LogOptions BindLog(OptionSet options, string baseDirectory, IReadOnlyDictionary<string, string> environment) =>
        BindSome(options, baseDirectory, environment, "log-level", "log-format", "log-file").Log;

    /// <summary>Binds what is needed to tell people something: the notifiers, and whose they are.</summary>
    /// <inheritdoc cref="Bind"/>
    public static ApplicationOptions BindNotifiers(OptionSet options, string baseDirectory, IReadOnlyDictionary<string, string> environment)
    {
        var bound = BindSome(options, baseDirectory, environment, "notifier", "name", "root", "registry");
        return bound.Name.Length > 0 ? bound : bound with { Name = ApplicationName.From(bound) };
    }

    private static ApplicationOptions BindSome(OptionSet options, string baseDirectory, IReadOnlyDictionary<string, string> environment, params string[] names)
    {
        var complete = OptionSources.Complete(options, baseDirectory, environment);
        var problems = new OptionProblems();
        var bound = Fold(complete, OptionCatalog.All.Where(definition => names.Contains(definition.Name, StringComparer.Ordinal)), Defaults(DeploymentMode.Assets, baseDirectory), baseDirectory, problems);
        problems.ThrowIfAny();
        return bound;
    }

    private static ApplicationOptions Fold(OptionSet options, IEnumerable<OptionDefinition> definitions, ApplicationOptions bound, string baseDirectory, OptionProblems problems)
    {
        foreach (var definition in definitions)
        {
            var values = options.Values(definition.Name);
            if (values.Count == 0)
                continue;

            var origin = options.Origin(definition.Name);
            if (values.Count > 1 && !definition.Repeatable)
            {
                problems.Add(origin, "given more than once");
                continue;
            }

            try
            {
                bound = definition.Apply(bound, new OptionInput(values, baseDirectory));
            }
            catch (FormatException exception)
            {
                problems.Add(origin, exception.Message);
            }
            catch (DewyException exception) when (exception.Code is ErrorCode.InvalidOption)
            {
                problems.Add(origin, exception);
            }
        }

        return bound;
    }

    private static void RefuseStrangers(OptionSet options, DeploymentMode mode, OptionProblems problems)
    {
        foreach (var (name, _) in options)
        {
            if (!OptionCatalog.TryGet(name, out var definition))
                problems.Add(options.Origin(name), $"there is no such option.{Suggestion.Sentence(name, OptionCatalog.FlagsOf(mode).Select(known => known.Name), "--")}");
            else if (!definition.Modes.Contains(mode) && !EnvironmentOptions.IsOriginOf(options, definition))
                problems.Add(options.Origin(name), $"means nothing in {ModeInference.NameOf(mode)} mode, only in {string.Join(" and ", definition.Modes.Select(ModeInference.NameOf))} mode");
        }
    }

    private static ApplicationOptions Defaults(DeploymentMode mode, string baseDirectory) => new()
    {
        Name = "",
        Mode = mode,
        Registry = RegistryBinding.None,
        Criteria = new ReleaseCriteria(),
        Deployment = new() { Root = Path.GetFullPath(baseDirectory) },
        Server = mode == DeploymentMode.Server ? new ServerOptions { Command = [] } : null,
        Container = mode == DeploymentMode.Container ? new ContainerOptions() : null,
        Replicas = mode == DeploymentMode.Assets ? null : new ReplicaOptions(),
        Proxy = mode == DeploymentMode.Assets ? null : new ProxyOptions { Ports = [] },
    };
}

using Dewy.Engine.Composition.Configuration;
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
    public static ApplicationOptions Bind(OptionSet options, string baseDirectory, IReadOnlyDictionary<string, string> environment, bool registryRequired = true, bool looksOnly = false) =>
        BindOne(options, baseDirectory, environment, registryRequired, looksOnly).Options;

    /// <summary>The same, together with the complete options.</summary>
    /// <inheritdoc cref="Bind"/>
    public static BoundApplication BindOne(OptionSet options, string baseDirectory, IReadOnlyDictionary<string, string> environment, bool registryRequired = true, bool looksOnly = false)
    {
        var problems = new OptionProblems();
        var complete = OptionSources.Complete(options, baseDirectory, environment, problems, OptionScope.All);
        var bound = BindComplete(complete, baseDirectory, registryRequired, looksOnly, problems);
        problems.ThrowIfAny();
        return new BoundApplication(complete, bound);
    }

    /// <summary>Binds the options of every application that a configuration file speaks of; otherwise of the one there is.</summary>
    /// <param name="options">What was given directly, for all of them.</param>
    /// <param name="names">The applications meant; none for all.</param>
    /// <inheritdoc cref="Bind"/>
    public static IReadOnlyList<BoundApplication> BindEach(OptionSet options, IReadOnlyList<string> names, string baseDirectory, IReadOnlyDictionary<string, string> environment)
    {
        var problems = new OptionProblems();
        var each = OptionSources.CompleteEach(options, names, baseDirectory, environment, problems, OptionScope.All);
        var bound = each.Select(one => new BoundApplication(one.Options, BindComplete(one.Options, baseDirectory, registryRequired: true, looksOnly: false, one.Problems))).ToList();
        NeighbourCheck.Validate(bound, problems);
        problems.ThrowIfAny();
        return bound;
    }

    /// <summary>Binds the root alone, for operations that need nothing else.</summary>
    /// <returns>Its absolute path.</returns>
    /// <inheritdoc cref="Bind"/>
    public static string BindRoot(OptionSet options, string baseDirectory, IReadOnlyDictionary<string, string> environment) =>
        BindSome(options, baseDirectory, environment, OptionScope.Of("root")).Deployment.Root;

    /// <summary>Binds the root of every application that a configuration file speaks of; otherwise of the one there is.</summary>
    /// <returns>Their absolute paths, in the file's order.</returns>
    /// <inheritdoc cref="Bind"/>
    public static IReadOnlyList<string> BindRoots(OptionSet options, string baseDirectory, IReadOnlyDictionary<string, string> environment)
    {
        var problems = new OptionProblems();
        var scope = OptionScope.Of("root");
        var each = OptionSources.CompleteEach(options, [], baseDirectory, environment, problems, scope);
        var roots = each.Select(one => Fold(one.Options, OptionCatalog.All.Where(scope.Includes), Defaults(DeploymentMode.Assets, baseDirectory), baseDirectory, one.Problems).Deployment.Root).ToList();
        problems.ThrowIfAny();
        return roots;
    }

    /// <summary>Binds what is needed to log, which comes before all else.</summary>
    /// <inheritdoc cref="Bind"/>
    public static LogOptions BindLog(OptionSet options, string baseDirectory, IReadOnlyDictionary<string, string> environment) =>
        BindSome(options, baseDirectory, environment, OptionScope.Of("log-level", "log-format", "log-file") with { NeedsApplication = false }).Log;

    /// <summary>Binds what is needed to tell people something: the notifiers, and whose they are.</summary>
    /// <inheritdoc cref="Bind"/>
    public static ApplicationOptions BindNotifiers(OptionSet options, string baseDirectory, IReadOnlyDictionary<string, string> environment)
    {
        var bound = BindSome(options, baseDirectory, environment, new OptionScope(["notifier", "name", "root", "registry"], Variables: true));
        return bound.Name.Length > 0 ? bound : bound with { Name = ApplicationName.From(bound) };
    }

    private static ApplicationOptions BindSome(OptionSet options, string baseDirectory, IReadOnlyDictionary<string, string> environment, OptionScope scope)
    {
        var problems = new OptionProblems();
        var complete = OptionSources.Complete(options, baseDirectory, environment, problems, scope);
        var bound = Fold(complete, OptionCatalog.All.Where(scope.Includes), Defaults(DeploymentMode.Assets, baseDirectory), baseDirectory, problems);
        problems.ThrowIfAny();
        return bound with { Variables = complete.Variables, Secrets = complete.Secrets };
    }

    private static ApplicationOptions BindComplete(OptionSet complete, string baseDirectory, bool registryRequired, bool looksOnly, OptionProblems problems)
    {
        var mode = ModeInference.Infer(complete, problems, looksOnly);
        foreach (var (name, _) in complete.Where(option => !OptionCatalog.TryGet(option.Key, out var _)))
            problems.Add(complete.Origin(name), $"there is no such option.{Suggestion.Sentence(name, OptionCatalog.FlagsOf(mode).Select(known => known.Name), "--")}");

        var definitions = OptionCatalog.All.Where(definition => definition.Modes.Contains(mode)).ToList();
        var bound = PortAssignment.Apply(Fold(complete, definitions, Defaults(mode, baseDirectory), baseDirectory, problems));
        if (registryRequired && !complete.Contains("registry") && !problems.HasFile)
            problems.Add(complete.Origin("registry"), "a registry is required: --registry <url>, DEWY_REGISTRY, or \"registry\" in a configuration file");

        var passedOver = new List<string>();
        foreach (var (name, why) in Irrelevance.Of(complete, bound))
        {
            if (complete.IsGeneral(name))
                passedOver.Add(name);
            else
                problems.Add(complete.Origin(name), why);
        }

        if (passedOver.Count > 0)
            bound = PortAssignment.Apply(Fold(complete, definitions.Where(definition => !passedOver.Contains(definition.Name, StringComparer.Ordinal)), Defaults(mode, baseDirectory), baseDirectory, problems));
        CrossCheck.Validate(complete, bound, problems);
        return bound with
        {
            Credential = complete.Credential,
            Name = bound.Name.Length > 0 ? bound.Name : ApplicationName.From(bound),
            Variables = complete.Variables,
            Secrets = complete.Secrets,
            PassedOver = [.. passedOver.Select(complete.Origin)],
        };
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

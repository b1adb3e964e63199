using System.Collections;
using Dewy.Engine.Agent;
using Dewy.Engine.Artifacts.Caching;
using Dewy.Engine.Artifacts.Caching.Shared;
using Dewy.Engine.Artifacts.Extraction;
using Dewy.Engine.Containers;
using Dewy.Engine.Containers.Engine;
using Dewy.Engine.Containers.Images;
using Dewy.Engine.Containers.RunOptions;
using Dewy.Engine.Deployment;
using Dewy.Engine.Deployment.Hooks;
using Dewy.Engine.Diagnostics;
using Dewy.Engine.Notifications;
using Dewy.Engine.Processes;
using Dewy.Engine.Proxy;
using Dewy.Engine.Proxy.Backends;
using Dewy.Engine.Proxy.Standalone;
using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Answers;
using Dewy.Engine.Registries.Buckets;
using Dewy.Engine.Releases;
using Dewy.Engine.Replicas;

namespace Dewy.Engine.Composition;

/// <summary>What the engine takes from its host, and how an application is put together from it. Tests give their own.</summary>
internal sealed record EngineServices
{
    public required TimeProvider Time { get; init; }

    /// <summary>The agent's own environment, secrets included.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required IProcessStarter Processes { get; init; }

    public required HostPlatform Platform { get; init; }

    /// <summary>The registries there are.</summary>
    public IReleaseSourceFactory Registries { get; init; } = RegistryCatalog.BuiltIn;

    public required string UserName { get; init; }

    public required string HostName { get; init; }

    /// <summary>A number from 0 to 1, a new one each time.</summary>
    public required Func<double> Jitter { get; init; }

    /// <summary>The real host.</summary>
    public static EngineServices OfThisHost() => new()
    {
        Time = TimeProvider.System,
        Environment = EnvironmentOfThisProcess(),
        Processes = new ProcessStarter(),
        Platform = HostPlatform.Current,
        UserName = System.Environment.UserName,
        HostName = System.Environment.MachineName,
        Jitter = Random.Shared.NextDouble,
    };

    /// <summary>The variables of this process as they are now.</summary>
    public static IReadOnlyDictionary<string, string> EnvironmentOfThisProcess() => System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(variable => (string)variable.Key, variable => variable.Value as string ?? "", StringComparer.Ordinal);

    public ApplicationOptions Bind(OptionSet options, bool registryRequired = true, bool looksOnly = false)
    {
        ArgumentNullException.ThrowIfNull(options);
        return ApplicationOptionsBinder.Bind(options, options.BaseDirectory ?? Directory.GetCurrentDirectory(), Environment, registryRequired, looksOnly);
    }

    /// <summary>Binds the options of every application of a configuration file, or of those named; otherwise of the one there is.</summary>
    public IReadOnlyList<BoundApplication> BindEach(OptionSet options, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(options);
        return ApplicationOptionsBinder.BindEach(options, names, options.BaseDirectory ?? Directory.GetCurrentDirectory(), Environment);
    }

    /// <summary>The applications that a configuration file names.</summary>
    public IReadOnlyList<string> ApplicationNames(OptionSet options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return OptionSources.FindApplications(options, options.BaseDirectory ?? Directory.GetCurrentDirectory(), Environment)?.Names ?? [];
    }

    /// <summary>Binds what is needed to tell people something.</summary>
    public ApplicationOptions BindNotifiers(OptionSet options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return ApplicationOptionsBinder.BindNotifiers(options, options.BaseDirectory ?? Directory.GetCurrentDirectory(), Environment);
    }

    public AgentParts Open(OptionSet options, IEngineEventSink events, bool notifies = false) => Open(Bind(options), events, notifies);

    public AgentParts Open(ApplicationOptions options, IEngineEventSink events, bool notifies = false, bool serves = true) =>
        Open(options, events, AgentSurroundings.None with { Notifies = notifies, Serves = serves });

    /// <summary>Puts an application together. Nothing is started, read or connected yet.</summary>
    /// <param name="options">What it was configured with.</param>
    /// <param name="events">Where its events go.</param>
    /// <param name="around">What is around it.</param>
    public AgentParts Open(ApplicationOptions options, IEngineEventSink events, AgentSurroundings around) => For(options).Assemble(options, events, around);

    /// <summary>The host as one application sees it: with its own variables in the environment.</summary>
    public EngineServices For(ApplicationOptions options)
    {
        if (options.Variables.Count == 0)
            return this;
        var environment = new Dictionary<string, string>(Environment, StringComparer.Ordinal);
        foreach (var (name, value) in options.Variables)
            environment[name] = value;
        return this with { Environment = environment };
    }

    /// <summary>A redactor that knows what nobody may see of an application.</summary>
    public SecretRedactor RedactorOf(ApplicationOptions options)
    {
        var redactor = SecretRedactor.FromEnvironment(For(options).Environment);
        redactor.Add(options.Credential?.Secret);
        foreach (var secret in options.Secrets)
            redactor.Add(secret);
        foreach (var address in options.Notifiers)
            address.TeachSecrets(redactor);
        return redactor;
    }

    private AgentParts Assemble(ApplicationOptions options, IEngineEventSink events, AgentSurroundings around)
    {
        var redactor = around.Redactor ?? RedactorOf(options);
        var notifiers = around.Notifies ? NotifierSet.Open(options.Notifiers, NotifierServices(redactor), HostName, new StampingSink(events, Time, options.Name)) : null;
        var stamped = new StampingSink(Together(events, notifiers?.View, around.Telemetry?.View), Time, options.Name);
        var root = new DeploymentRoot(options.Deployment.Root, stamped, Time);
        var services = RegistryServices(redactor);
        var bucket = options.Artifacts.SharedCache is { } shared ? SharedBucketPlace.Open(shared.Address, services, HostName, stamped) : null;
        var registry = services with { Credential = options.Credential };
        var source = OpenSource(options, registry, bucket, stamped);
        var local = new LocalArtifactCache(options.Artifacts.CacheDirectory ?? root.Layout.Cache, root.Layout.Root, options.Artifacts, stamped, Time);
        IArtifactCache cache = bucket is null ? local : new SharedArtifactCache(local, bucket, options.Artifacts, stamped, Time);
        var (workload, images) = OpenWorkload(options, root, registry, stamped, around);
        return new AgentParts
        {
            Options = options,
            Root = root,
            Source = source,
            Finder = FinderOf(options, source),
            Cache = cache,
            Phases = new ReleasePhases(options, root, cache, new ArchiveExtractor(options.Artifacts, stamped, Time), stamped),
            Hooks = new HookRunner(Processes, Environment, redactor, stamped, Time),
            Workload = workload,
            Images = images,
            Admin = around.Admin,
            Telemetry = around.Telemetry,
            Events = stamped,
            Notifiers = notifiers,
            Time = Time,
            Jitter = Jitter,
            Version = EngineVersion.Current,
            HostName = HostName,
        };
    }

    /// <summary>What registries need of this host.</summary>
    public RegistryServices RegistryServices(SecretRedactor redactor) =>
        new() { TimeProvider = Time, Environment = Environment, Redactor = redactor, Processes = Processes, Platform = Platform };

    /// <summary>What chooses among an application's releases and their files.</summary>
    public ReleaseFinder FinderOf(ApplicationOptions options, IReleaseSource source) =>
        new(source, options.Criteria, Platform, Time, options.Registry.LastWord is { } repository ? [options.Name, repository] : [options.Name]);

    /// <summary>Options of docker run, read and checked.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>, naming the one that is wrong.</exception>
    public ContainerRunOptions ReadRunOptions(ApplicationOptions options, ContainerOptions container, EngineAddress engine) => ContainerRunOptions.Parse(
        container.RunArguments,
        container.AllowUnsafe,
        new RunOptionContext { BaseDirectory = new RootLayout(options.Deployment.Root).Root, Environment = Environment, PassedVariables = options.Hooks.PassEnvironment, EngineSocket = engine.SocketPath });

    /// <summary>What notifiers need of this host.</summary>
    public NotifierServices NotifierServices(SecretRedactor redactor) => new() { Time = Time, Environment = Environment, Redactor = redactor };

    /// <summary>A proxy without an agent.</summary>
    /// <param name="options">Those of a proxy.</param>
    /// <param name="application">Application whose containers are the backends; null for backends given later.</param>
    /// <param name="events">Gets the events.</param>
    public (StandaloneProxy Proxy, GivenBackends? Given) OpenProxy(OptionSet options, string? application, IEngineEventSink events)
    {
        var bound = Bind(new OptionSet().Add("mode", "container").FillFrom(options), registryRequired: false);
        var environment = For(bound).Environment;
        var proxy = bound.Proxy ?? throw new InvalidOperationException("Container mode has a proxy.");
        var name = options.Contains("name") ? bound.Name : application ?? "proxy";
        var stamped = new StampingSink(events, Time, name);
        if (application is null)
        {
            var given = new GivenBackends(proxy.Ports.Count);
            return (new StandaloneProxy(name, proxy, given, environment, stamped, Time), given);
        }

        var runtime = bound.Container?.Runtime ?? "docker";
        var engine = new ContainerEngine(runtime, environment, UserName, RedactorOf(bound), Time);
        return (new StandaloneProxy(name, proxy, new LabelledBackends(engine, application, [.. proxy.Ports.Select(port => port.Target ?? bound.Container?.Port)]), environment, stamped, Time), null);
    }

    private (IWorkload Workload, IImageStore? Images) OpenWorkload(
        ApplicationOptions options, DeploymentRoot root, RegistryServices services, IEngineEventSink events, AgentSurroundings around)
    {
        if (options is { Server: { } program, Proxy: null })
            return (new GenerationSupervisor(options.Name, root.Layout.Root, program, Environment, Processes, services.Redactor, events, Time), null);
        if (options is not { Proxy: { } proxy, Replicas: { } replicas })
            return (new NoWorkload(), null);
        if (options.Server is { } server)
            return (OpenReplicas(options.Name, new ProcessHost(options.Name, root.Layout.Root, server, proxy.Ports.Count, Environment, Processes, services.Redactor, events, Time), proxy, replicas, events, around), null);

        var container = options.Container ?? throw new InvalidOperationException("What is behind a proxy is a program or a container.");
        var engine = new ContainerEngine(container.Runtime, Environment, UserName, services.Redactor, Time);
        var store = new ImageStore(options.Registry, services, engine, Path.Combine(root.Layout.Private, "images.json"), events);
        var settings = new ContainerHostSettings
        {
            Application = options.Name,
            Root = root.Layout.Root,
            Options = container,
            RunOptions = ReadRunOptions(options, container, engine.Address),
            Ports = [.. proxy.Ports.Select(port => port.Target)],
            StopTimeout = replicas.StopTimeout,
            LockDirectory = ApplicationLock.Directory(Environment, UserName),
            HostName = HostName,
        };
        var host = new ContainerHost(settings, engine, store, services.Redactor, events, Time);
        return (OpenReplicas(options.Name, host, proxy, replicas, events, around), new ReleaseImages(store, container.KeepImages, events, Time));
    }

    private ReplicaSet OpenReplicas(string name, IReplicaHost host, ProxyOptions proxy, ReplicaOptions replicas, IEngineEventSink events, AgentSurroundings around)
    {
        var backends = new BackendSet(proxy, events, Time, around.Telemetry?.Proxy);
        var server = around.Serves ? new ApplicationProxy(name, proxy, backends, Environment, events, Time, around.Telemetry?.Proxy) : null;
        return new ReplicaSet(name, host, backends, server, replicas, events, Time);
    }

    private static IEngineEventSink Together(IEngineEventSink first, params IEnumerable<IEngineEventSink?> others) =>
        others.OfType<IEngineEventSink>().ToList() is { Count: > 0 } views ? new FanOutEventSink([first, .. views]) : first;

    private IReleaseSource OpenSource(ApplicationOptions options, RegistryServices services, SharedBucket? bucket, IEngineEventSink events)
    {
        var address = options.Registry;
        if (address == RegistryBinding.None)
            return new NoReleaseSource();
        var source = Registries.Create(address, services);
        if (bucket is null || options.Artifacts.SharedCache?.RegistryTtl is not { } window)
            return source;
        var question = RegistryQuestion.Of(address, options.Criteria, RegistryCatalog.BuiltIn.Find(address).AnswersDependOnPlatform ? Platform : null);
        return new CachedReleaseSource(source, bucket, question, window, options.Criteria, events, Time);
    }

    /// <summary>A root alone, for operations that need nothing else.</summary>
    public DeploymentRoot OpenRoot(string root) => new(root, NoEvents.Instance, Time);

    /// <summary>The root that options speak of, to look at.</summary>
    public DeploymentRoot OpenRootOf(OptionSet options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return OpenRoot(ApplicationOptionsBinder.BindRoot(options, options.BaseDirectory ?? Directory.GetCurrentDirectory(), Environment));
    }

    /// <summary>The local cache of a root, to look at.</summary>
    public IArtifactCache OpenCache(string root) =>
        new LocalArtifactCache(new RootLayout(root).Cache, root, new Artifacts.ArtifactOptions(), NoEvents.Instance, Time);
}

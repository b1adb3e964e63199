using Dewy.Engine.Admin;
using Dewy.Engine.Agent;
using Dewy.Engine.Checks;
using Dewy.Engine.Deployment;
using Dewy.Engine.Diagnostics.Telemetry;
using Dewy.Engine.Notifications;
using Dewy.Engine.Proxy.Standalone;
using Dewy.Engine.Replicas;

namespace Dewy.Engine.Composition;

/// <summary>The engine as front ends see it. Stateless: each call puts together what it needs and lets go of it.</summary>
public sealed class DewyEngine : IDewyEngine
{
    private readonly Func<EngineServices> _host;

    internal DewyEngine(EngineServices services)
        : this(() => services)
    {
    }

    private DewyEngine(Func<EngineServices> host) => _host = host;

    private EngineServices Services => _host();

    /// <inheritdoc/>
    public (string Version, string Commit) Version => EngineVersion.Current;

    /// <summary>An engine on this host, with its clock and processes, and its environment as it is at each call: a session may set a variable at any time.</summary>
    public static IDewyEngine Create()
    {
        var host = EngineServices.OfThisHost();
        return new DewyEngine(() => host with { Environment = EngineServices.EnvironmentOfThisProcess() });
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Release>> GetReleasesAsync(OptionSet options, bool all, IEngineEventSink events, CancellationToken cancellationToken)
    {
        await using var application = Services.Open(Services.Bind(options, looksOnly: true), events);
        return await application.Finder.ListAsync(all, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<CachedArtifact> SaveReleaseAsync(OptionSet options, Release release, IEngineEventSink events, CancellationToken cancellationToken)
    {
        await using var application = Services.Open(options, events);
        ArgumentNullException.ThrowIfNull(release);
        return await application.Phases.FetchAsync(application.Source, await application.Finder.FindAsync(release.Tag, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ExpandedRelease> ExpandReleaseAsync(OptionSet options, CachedArtifact artifact, IEngineEventSink events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        var bound = Services.Bind(options, registryRequired: false);
        await using var application = Services.Open(bound, events);
        using var held = await HoldAsync(application, "expand", cancellationToken);
        return await application.Phases.ExpandAsync(artifact, DeploymentRun.NewId(Services.Time), _ => Task.CompletedTask, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Dewy.Deployment> SwitchReleaseAsync(OptionSet options, ExpandedRelease release, IEngineEventSink events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(release);
        var bound = Services.Bind(options, registryRequired: false);
        await using var application = Services.Open(bound, events, notifies: true);
        return await TellingAsync(application, async () =>
        {
            using var held = await HoldAsync(application, "switch", cancellationToken);
            return await new OfflineSwitch(application).SwitchAsync(release, $"switch by {Services.UserName}", cancellationToken);
        });
    }

    /// <inheritdoc/>
    public async Task<DeploymentPlan> PlanAsync(OptionSet options, bool force, IEngineEventSink events, CancellationToken cancellationToken)
    {
        await using var application = Services.Open(options, events);
        return await new AgentCycle(application, _ => { }).PlanAsync(new CycleRequest { Force = force }, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Dewy.Deployment?> DeployAsync(OptionSet options, bool force, IEngineEventSink events, CancellationToken cancellationToken)
    {
        var requestedBy = $"deploy by {Services.UserName}";
        var isAsked = RootLock.TryReadHolder(Services.OpenRootOf(options).Layout) is { IsAgent: true };
        var bound = OneShot(Services.Bind(options, registryRequired: !isAsked)); // the agent knows its registry
        await using var application = Services.Open(bound, events, notifies: true, serves: false);
        if (isAsked)
            return await AskAgentAsync(application, requests => requests.NewRequest(force, requestedBy), state => state, cancellationToken);

        return await TellingAsync(application, async () =>
        {
            using var held = await HoldAsync(application, "deploy", cancellationToken);
            var cycle = new AgentCycle(application, _ => { });
            var request = new CycleRequest { CheckNow = true, Force = force, RequestedBy = requestedBy };
            try
            {
                await cycle.OpenAsync(cancellationToken);
                await cycle.KeepUpAsync(request, cancellationToken);
                return await cycle.CheckOnceAsync(request, cancellationToken);
            }
            finally
            {
                await application.Workload.CloseAsync();
            }
        });
    }

    /// <inheritdoc/>
    public async Task<Dewy.Deployment> RollbackAsync(OptionSet options, string? to, bool untilNewer, string requestedBy, IEngineEventSink events, CancellationToken cancellationToken)
    {
        var bound = Services.Bind(options, registryRequired: false);
        await using var application = Services.Open(bound, events, notifies: true);
        var target = RollbackTarget.Find(application.Root, to);
        var before = application.Root.State.Read();
        var pin = target.ToPin(before, untilNewer, Services.Time.GetUtcNow(), requestedBy);
        if (RootLock.TryReadHolder(application.Root.Layout) is { IsAgent: true })
        {
            return await AskAgentAsync(application, requests => requests.NewRequest(force: true, $"rollback by {requestedBy}"), state => state with { Pin = pin }, cancellationToken)
                ?? RolledBackMeanwhile(application.Root, target, before)
                ?? throw new DewyException(ErrorCode.ReleaseNotFound, $"{target.Tag} is live already.") { Target = target.Directory ?? target.Key, NextStep = "Name another release with --to." };
        }

        return await TellingAsync(application, async () =>
        {
            using var held = await HoldAsync(application, "rollback", cancellationToken);
            return await new OfflineSwitch(application).RollBackAsync(target, pin, $"rollback by {requestedBy}", cancellationToken);
        });
    }

    /// <inheritdoc/>
    public async Task<Dewy.Deployment?> PinAsync(OptionSet options, string tag, string requestedBy, IEngineEventSink events, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tag);
        await using var application = Services.Open(Services.Bind(options, registryRequired: false), events);
        var state = application.Root.State.Read();
        var pin = new ReleasePin { Tag = tag, At = Services.Time.GetUtcNow(), By = requestedBy };
        var isKept = Planner.KeptFor(pin, application.Kept(state)) is not null || Planner.IsPinned(pin, state.Current);
        if (RootLock.TryReadHolder(application.Root.Layout) is { IsAgent: true })
        {
            // One that only the registry has is pinned by the agent, once it turns out to be there.
            return await AskAgentAsync(
                application,
                requests => requests.NewRequest(force: true, $"pin by {requestedBy}") with { Pin = isKept ? null : pin },
                asked => isKept ? asked with { Pin = pin } : asked,
                cancellationToken);
        }

        if (!isKept && application.Options.Registry == RegistryBinding.None)
        {
            throw new DewyException(ErrorCode.ReleaseNotFound, $"No release {tag} is kept in {application.Root.Layout.Root}, and no registry is named to look for it in.")
            {
                Phase = "check",
                Target = tag,
                NextStep = "Name the registry as well, or start the agent first.",
            };
        }

        if (!isKept)
            await application.Finder.FindAsync(tag, cancellationToken);
        application.Root.Layout.EnsureCreated();
        await application.Root.State.UpdateAsync(before => before with { Pin = pin }, cancellationToken);
        return null;
    }

    /// <inheritdoc/>
    public async Task<HookResult> InvokeHookAsync(OptionSet options, HookKind kind, string? tag, IEngineEventSink events, CancellationToken cancellationToken)
    {
        await using var application = Services.Open(Services.Bind(options, registryRequired: false), events);
        return await new LoneHook(application).RunAsync(kind, tag, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<NotificationReceipt>> SendNotificationAsync(OptionSet options, string message, NotificationLevel level, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(message);
        var bound = Services.BindNotifiers(options);
        if (bound.Notifiers.Count == 0)
            throw new DewyException(ErrorCode.InvalidOption, "There is no notifier to send to.") { Target = "notifier", NextStep = "Give one, such as slack://general, or set DEWY_NOTIFIER." };
        var services = Services.For(bound);
        var redactor = services.RedactorOf(bound);
        var text = EventText.FromPerson(message, level, Services.Time.GetUtcNow(), bound.Name) with { Host = Services.HostName };
        return await NotificationSender.SendAsync(bound.Notifiers, services.NotifierServices(redactor), text, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task PauseAsync(string root, string requestedBy, CancellationToken cancellationToken) =>
        await Services.OpenRoot(root).State.UpdateAsync(
            state => state.PausedBy(requestedBy, Services.Time.GetUtcNow()),
            cancellationToken);

    /// <inheritdoc/>
    public async Task ResumeAsync(string root, CancellationToken cancellationToken) =>
        await Services.OpenRoot(root).State.UpdateAsync(state => state.Resumed(), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Dewy.Deployment>> GetDeploymentsAsync(string root, int limit, CancellationToken cancellationToken) =>
        Task.Run(() => Services.OpenRoot(root).History.Read(limit), cancellationToken);

    /// <inheritdoc/>
    public Task<AgentStatus> GetStatusAsync(string root, CancellationToken cancellationToken) =>
        ReadStatusAsync(root, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Replica>> GetReplicasAsync(string root, CancellationToken cancellationToken) =>
        (await ReadStatusAsync(root, cancellationToken)).Replicas;

    /// <inheritdoc/>
    public IReadOnlyList<string> GetApplicationNames(OptionSet options) => Services.ApplicationNames(options);

    /// <inheritdoc/>
    public IReadOnlyList<ConfiguredApplication> GetApplications(OptionSet options, IReadOnlyList<string> names) =>
    [
        .. Services.BindEach(options, names).Select(bound => new ConfiguredApplication
        {
            Name = bound.Options.Name,
            Root = bound.Options.Deployment.Root,
            Registry = bound.Options.Registry.DisplayName,
            Options = bound.Given,
        }),
    ];

    /// <inheritdoc/>
    public Task<IReadOnlyList<ConfigurationCheck>> CheckAsync(OptionSet options, IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        new ConfigurationChecker(Services).RunAsync(options, names, cancellationToken);

    /// <inheritdoc/>
    public IDewyAgent CreateAgent(OptionSet options, IEngineEventSink events)
    {
        var bound = Services.Bind(options);
        var redactor = Services.RedactorOf(bound);
        AgentParts? application = null;
        var telemetry = bound.Telemetry.IsOn ? OpenTelemetry(bound, () => application) : null;
        var admin = bound.Admin.IsOff ? null : new AdminHost(bound.Admin, redactor) { Metrics = telemetry?.Answer() };
        application = Services.Open(bound, admin?.Watch(events) ?? events, new AgentSurroundings { Notifies = true, Admin = admin, Redactor = redactor, Telemetry = telemetry });
        return new DewyAgent(application);
    }

    /// <inheritdoc/>
    public IDewyProxy CreateProxy(OptionSet options, IReadOnlyList<string> backends, string? application, IEngineEventSink events)
    {
        var addresses = backends.Select(BackendAddress.Parse).ToList();
        var (proxy, given) = Services.OpenProxy(options, application, events);
        given?.Begin(addresses);
        return proxy;
    }

    /// <inheritdoc/>
    public async Task<HealthResult> TestHealthAsync(string address, string? path, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var asked = BackendAddress.Parse(address);
        var target = new HealthTarget(await asked.ResolveAsync(cancellationToken), path ?? asked.Path);
        var never = new TaskCompletionSource().Task;
        var report = await new HealthCheck(Services.Time).RunAsync(target, timeout, never, ownerOf: null, cancellationToken);
        return new HealthResult { Target = target.ToString(), Healthy = report.Healthy, Answer = report.LastAnswer, Attempts = report.Attempts, Duration = report.Duration };
    }

    /// <inheritdoc/>
    public IReadOnlyList<CachedArtifact> GetCachedArtifacts(string root) => Services.OpenCache(root).List();

    /// <summary>Has the agent that holds the root do something, and tells why where it did nothing.</summary>
    private async Task<Dewy.Deployment?> AskAgentAsync(AgentParts application, Func<AgentRequests, OperatorRequest> ask, Func<RootState, RootState> change, CancellationToken cancellationToken)
    {
        var requests = new AgentRequests(application.Root, Services.Time);
        var outcome = await requests.DeployAsync(ask(requests), change, application.Options.Agent.DeploymentTimeout, cancellationToken);
        outcome.Tell(application.Events, application.Root.State.Read().Current?.Tag);
        return outcome.Deployment;
    }

    private static TelemetryPipeline OpenTelemetry(ApplicationOptions options, Func<AgentParts?> application) => new(
        options.Telemetry,
        new TelemetrySources
        {
            Application = options.Name,
            Mode = options.Mode,
            DesiredReplicas = options.Replicas?.Count,
            Ports = options.Proxy?.Ports ?? [],
            Observe = () => application()?.Workload.Observe() ?? WorkloadObservation.NothingToRun,
            ReadState = () => application()?.Root.State.Read() ?? new RootState(),
        },
        EngineVersion.Current.Version);

    /// <summary>What is written down, and what the agent knows better where one runs that can be asked.</summary>
    private async Task<AgentStatus> ReadStatusAsync(string path, CancellationToken cancellationToken)
    {
        var root = Services.OpenRoot(path);
        var written = await Task.Run(() => RootStatus.Read(root), cancellationToken);
        using var client = AdminClient.For(written, root.Layout);
        return client is null ? written : await client.CompleteAsync(written, cancellationToken);
    }

    /// <summary>The rollback of an agent that died before it could answer: the next one found it done and had nothing to tell.</summary>
    private static Dewy.Deployment? RolledBackMeanwhile(DeploymentRoot root, LiveRelease target, RootState before)
    {
        var live = root.State.Read().Current;
        return live is not null && target.IsSameAs(live) && !target.IsSameAs(before.Current)
            ? root.History.Read(100).FirstOrDefault(deployment => deployment.Id == live.DeploymentId)
            : null;
    }

    /// <summary>What a command starts goes on without it, for the next agent to take over.</summary>
    private static ApplicationOptions OneShot(ApplicationOptions options) =>
        options with
        {
            Server = options.Server is { } server ? server with { LeaveOnExit = true } : null,
            Replicas = options.Replicas is { } replicas ? replicas with { LeaveOnExit = true } : null,
        };

    /// <summary>Does what a command is for, and waits a little while people are told of it. A failure before there is a deployment is told too.</summary>
    private static async Task<T> TellingAsync<T>(AgentParts application, Func<Task<T>> body)
    {
        if (application.Notifiers is not { } notifiers)
            return await body();
        try
        {
            return await body();
        }
        catch (DewyException exception)
        {
            notifiers.View.Publish(new CycleFailed(DeploymentError.From(exception), 1, TimeSpan.Zero) { Time = application.Time.GetUtcNow(), Application = application.Options.Name });
            throw;
        }
        finally
        {
            await notifiers.FlushAsync();
        }
    }

    private static async Task<RootLock> HoldAsync(AgentParts application, string purpose, CancellationToken cancellationToken)
    {
        application.Root.Layout.EnsureCreated();
        return await RootLock.AcquireAsync(application.Root.Layout, purpose, application.Time, cancellationToken);
    }
}

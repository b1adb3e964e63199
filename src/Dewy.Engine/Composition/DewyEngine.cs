using Dewy.Engine.Agent;
using Dewy.Engine.Deployment;
using Dewy.Engine.Replicas;

namespace Dewy.Engine.Composition;

/// <summary>The engine as front ends see it. Stateless: each call puts together what it needs and lets go of it.</summary>
public sealed class DewyEngine : IDewyEngine
{
    private readonly EngineServices _services;

    internal DewyEngine(EngineServices services) => _services = services;

    /// <inheritdoc/>
    public (string Version, string Commit) Version => EngineVersion.Current;

    /// <summary>An engine on this host, with its clock, environment and processes.</summary>
    public static IDewyEngine Create() => new DewyEngine(EngineServices.OfThisHost());

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Release>> GetReleasesAsync(OptionSet options, bool all, IEngineEventSink events, CancellationToken cancellationToken)
    {
        await using var application = _services.Open(_services.Bind(options, looksOnly: true), events);
        return await application.Finder.ListAsync(all, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<CachedArtifact> SaveReleaseAsync(OptionSet options, Release release, IEngineEventSink events, CancellationToken cancellationToken)
    {
        await using var application = _services.Open(options, events);
        ArgumentNullException.ThrowIfNull(release);
        return await application.Phases.FetchAsync(application.Source, await application.Finder.FindAsync(release.Tag, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ExpandedRelease> ExpandReleaseAsync(OptionSet options, CachedArtifact artifact, IEngineEventSink events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        var bound = _services.Bind(options, registryRequired: false);
        await using var application = _services.Open(bound, events);
        using var held = await HoldAsync(application, "expand", cancellationToken);
        return await application.Phases.ExpandAsync(artifact, DeploymentRun.NewId(_services.Time), _ => Task.CompletedTask, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Dewy.Deployment> SwitchReleaseAsync(OptionSet options, ExpandedRelease release, IEngineEventSink events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(release);
        var bound = _services.Bind(options, registryRequired: false);
        await using var application = _services.Open(bound, events);
        using var held = await HoldAsync(application, "switch", cancellationToken);
        return await new OfflineSwitch(application).SwitchAsync(release, $"switch by {_services.UserName}", cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<DeploymentPlan> PlanAsync(OptionSet options, bool force, IEngineEventSink events, CancellationToken cancellationToken)
    {
        await using var application = _services.Open(options, events);
        return await new AgentCycle(application, _ => { }).PlanAsync(new CycleRequest { Force = force }, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Dewy.Deployment?> DeployAsync(OptionSet options, bool force, IEngineEventSink events, CancellationToken cancellationToken)
    {
        var requestedBy = $"deploy by {_services.UserName}";
        var bound = OneShot(_services.Bind(options));
        await using var application = _services.Open(bound, events, serves: false);
        if (RootLock.TryReadHolder(application.Root.Layout) is { IsAgent: true })
            return await new AgentRequests(application.Root, _services.Time).DeployAsync(state => state, force, requestedBy, bound.Agent.DeploymentTimeout, cancellationToken);

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
    }

    /// <inheritdoc/>
    public async Task<Dewy.Deployment> RollbackAsync(OptionSet options, string? to, bool untilNewer, string requestedBy, IEngineEventSink events, CancellationToken cancellationToken)
    {
        var bound = _services.Bind(options, registryRequired: false);
        await using var application = _services.Open(bound, events);
        var target = RollbackTarget.Find(application.Root, to);
        var before = application.Root.State.Read();
        var pin = new ReleasePin
        {
            Tag = target.Tag,
            Directory = target.Directory,
            NewestTagThen = before.NewestTag ?? before.Current?.Tag,
            UntilNewer = untilNewer,
            At = _services.Time.GetUtcNow(),
            By = requestedBy,
        };
        if (RootLock.TryReadHolder(application.Root.Layout) is { IsAgent: true })
        {
            return await new AgentRequests(application.Root, _services.Time).DeployAsync(
                state => state with { Pin = pin }, force: true, $"rollback by {requestedBy}", bound.Agent.DeploymentTimeout, cancellationToken)
                ?? RolledBackMeanwhile(application.Root, target, before)
                ?? throw new DewyException(ErrorCode.ReleaseNotFound, $"{target.Tag} is live already.") { Target = target.Directory ?? target.Key, NextStep = "Name another release with --to." };
        }

        using var held = await HoldAsync(application, "rollback", cancellationToken);
        return await new OfflineSwitch(application).RollBackAsync(target, pin, $"rollback by {requestedBy}", cancellationToken);
    }

    /// <inheritdoc/>
    public async Task PauseAsync(string root, string requestedBy, CancellationToken cancellationToken) =>
        await _services.OpenRoot(root).State.UpdateAsync(
            state => state with { Pause = state.Pause ?? new ReleasePause(_services.Time.GetUtcNow(), requestedBy) },
            cancellationToken);

    /// <inheritdoc/>
    public async Task ResumeAsync(string root, CancellationToken cancellationToken) =>
        await _services.OpenRoot(root).State.UpdateAsync(state => state with { Pause = null, Pin = null }, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Dewy.Deployment>> GetDeploymentsAsync(string root, int limit, CancellationToken cancellationToken) =>
        Task.Run(() => _services.OpenRoot(root).History.Read(limit), cancellationToken);

    /// <inheritdoc/>
    public Task<AgentStatus> GetStatusAsync(string root, CancellationToken cancellationToken) =>
        Task.Run(() => RootStatus.Read(_services.OpenRoot(root)), cancellationToken);

    /// <inheritdoc/>
    public IDewyAgent CreateAgent(OptionSet options, IEngineEventSink events) => new DewyAgent(_services.Open(options, events));

    /// <inheritdoc/>
    public IReadOnlyList<CachedArtifact> GetCachedArtifacts(string root) => _services.OpenCache(root).List();

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

    private static async Task<RootLock> HoldAsync(AgentParts application, string purpose, CancellationToken cancellationToken)
    {
        application.Root.Layout.EnsureCreated();
        return await RootLock.AcquireAsync(application.Root.Layout, purpose, application.Time, cancellationToken);
    }
}

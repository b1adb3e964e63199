using System.Collections.Concurrent;

namespace Dewy.EndToEnd.Tests.Cli;

/// <summary>An engine with prepared answers that remembers what it was asked.</summary>
internal sealed class FakeEngine : IDewyEngine
{
    public (string Version, string Commit) Version => ("1.2.3", "abc1234");

    /// <summary>Thrown by whatever is asked.</summary>
    public Exception? Failure { get; init; }

    public IReadOnlyList<Release> Releases { get; init; } = [];

    public IReadOnlyList<Deployment> History { get; init; } = [];

    public AgentStatus? Status { get; init; }

    public Deployment? Rollback { get; init; }

    public Deployment? Pin { get; init; }

    /// <summary>What deploying into a root leads to.</summary>
    public Func<string, Deployment?>? Deploy { get; init; }

    public DeploymentPlan? Plan { get; init; }

    /// <summary>What the configuration file speaks of.</summary>
    public IReadOnlyList<ConfiguredApplication> Applications { get; init; } = [];

    public Func<IEngineEventSink, CancellationToken, Task>? AgentBody { get; init; }

    /// <summary>What the agent of one of several applications does, by the application's name; null to wait for the stop.</summary>
    public Func<string, Func<IEngineEventSink, CancellationToken, Task>?>? BodyOf { get; init; }

    /// <summary>The options of the last call that had any.</summary>
    public OptionSet? Options { get; private set; }

    /// <summary>Operation and arguments of every call.</summary>
    public List<string> Calls { get; } = [];

    public FakeAgent? Agent { get; private set; }

    /// <summary>Every agent that was made, with its options.</summary>
    public ConcurrentQueue<(OptionSet Options, FakeAgent Agent)> Agents { get; } = [];

    public Task<IReadOnlyList<Release>> GetReleasesAsync(OptionSet options, bool all, IEngineEventSink events, CancellationToken cancellationToken) =>
        Answer($"releases all={all}", Releases, options);

    public Task<CachedArtifact> SaveReleaseAsync(OptionSet options, Release release, IEngineEventSink events, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<ExpandedRelease> ExpandReleaseAsync(OptionSet options, CachedArtifact artifact, IEngineEventSink events, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<Deployment> SwitchReleaseAsync(OptionSet options, ExpandedRelease release, IEngineEventSink events, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<DeploymentPlan> PlanAsync(OptionSet options, bool force, IEngineEventSink events, CancellationToken cancellationToken) =>
        Answer($"plan force={force}", Plan ?? new DeploymentPlan { Reason = "It is live already." }, options);

    public Task<Deployment?> DeployAsync(OptionSet options, bool force, IEngineEventSink events, CancellationToken cancellationToken) =>
        Answer($"deploy {string.Join(' ', options.Values("root"))} force={force}", Deploy?.Invoke(string.Concat(options.Values("root"))), options);

    public Task<Deployment?> PinAsync(OptionSet options, string tag, string requestedBy, IEngineEventSink events, CancellationToken cancellationToken) =>
        Answer($"pin {tag} by={requestedBy}", Pin, options);

    public Task<Deployment> RollbackAsync(OptionSet options, string? to, bool untilNewer, string requestedBy, IEngineEventSink events, CancellationToken cancellationToken) =>
        Answer($"rollback to={to} untilNewer={untilNewer} by={requestedBy}", Rollback!, options); // tests that roll back give one

    public Task<HookResult> InvokeHookAsync(OptionSet options, HookKind kind, string? tag, IEngineEventSink events, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<NotificationReceipt>> SendNotificationAsync(OptionSet options, string message, NotificationLevel level, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task PauseAsync(string root, string requestedBy, CancellationToken cancellationToken) => Answer($"pause {root} by={requestedBy}", 0);

    public Task ResumeAsync(string root, CancellationToken cancellationToken) => Answer($"resume {root}", 0);

    public Task<IReadOnlyList<Deployment>> GetDeploymentsAsync(string root, int limit, CancellationToken cancellationToken) =>
        Answer($"history {root} limit={limit}", History);

    public Task<AgentStatus> GetStatusAsync(string root, CancellationToken cancellationToken) =>
        Answer($"status {root}", Status ?? new AgentStatus { Name = "app", Root = root, State = AgentState.Stopped });

    public Task<IReadOnlyList<Replica>> GetReplicasAsync(string root, CancellationToken cancellationToken) =>
        Answer($"replicas {root}", Status?.Replicas ?? []);

    /// <summary>What looking found.</summary>
    public IReadOnlyList<ConfigurationCheck> Checks { get; set; } = [];

    public Task<IReadOnlyList<ConfigurationCheck>> CheckAsync(OptionSet options, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        Calls.Add($"check {string.Join(' ', names)}".TrimEnd());
        Options = options;
        return Task.FromResult(Checks);
    }

    public IDewyAgent CreateAgent(OptionSet options, IEngineEventSink events)
    {
        Options = options;
        if (Failure is not null)
            throw Failure;
        Agent = new FakeAgent(events) { Body = BodyOf is { } bodyOf ? bodyOf(options.Values("name")[^1]) : AgentBody };
        Agents.Enqueue((options, Agent));
        return Agent;
    }

    public IDewyProxy CreateProxy(OptionSet options, IReadOnlyList<string> backends, string? application, IEngineEventSink events) => throw new NotSupportedException();

    public Task<HealthResult> TestHealthAsync(string address, string? path, TimeSpan timeout, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IReadOnlyList<string> GetApplicationNames(OptionSet options) => throw new NotSupportedException();

    public IReadOnlyList<ConfiguredApplication> GetApplications(OptionSet options, IReadOnlyList<string> names) =>
        [.. Applications.Where(application => names.Count == 0 || names.Contains(application.Name, StringComparer.Ordinal))];

    public IReadOnlyList<CachedArtifact> GetCachedArtifacts(string root) => [];

    private Task<T> Answer<T>(string call, T value, OptionSet? options = null)
    {
        Calls.Add(call);
        Options = options ?? Options;
        return Failure is null ? Task.FromResult(value) : Task.FromException<T>(Failure);
    }
}

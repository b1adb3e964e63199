using System.Collections.Concurrent;

namespace Dewy.PowerShell.Tests.Hosting;

/// <summary>An engine that does what a test says and remembers what it was asked.</summary>
internal sealed class FakeEngine : IDewyEngine
{
    public ConcurrentQueue<OptionSet> Asked { get; } = new();

    public ConcurrentQueue<string> Calls { get; } = new();

    public (string Version, string Commit) Version => ("0.0.0", "fake");

    public Func<OptionSet, bool, IEngineEventSink, CancellationToken, Task<IReadOnlyList<Release>>> OnGetReleases { get; set; } =
        (_, _, _, _) => Task.FromResult<IReadOnlyList<Release>>([Samples.Release()]);

    public Func<string, Task<Deployment?>> OnPin { get; set; } = tag => Task.FromResult<Deployment?>(Samples.Deployment(tag));

    public Func<OptionSet, bool, IEngineEventSink, CancellationToken, Task<Deployment?>> OnDeploy { get; set; } =
        (_, _, _, _) => Task.FromResult<Deployment?>(Samples.Deployment());

    public Func<OptionSet, IEngineEventSink, IDewyAgent> OnCreateAgent { get; set; } = (_, events) => new FakeAgent(events);

    public DeploymentPlan Plan { get; set; } = new() { Reason = "v1.1.0 is newer." };

    public IReadOnlyList<Deployment> History { get; set; } = [];

    public IReadOnlyList<CachedArtifact> Cache { get; set; } = [];

    public AgentStatus Status { get; set; } = Samples.Status("/elsewhere");

    public Task<IReadOnlyList<Release>> GetReleasesAsync(OptionSet options, bool all, IEngineEventSink events, CancellationToken cancellationToken)
    {
        Asked.Enqueue(options);
        return OnGetReleases(options, all, events, cancellationToken);
    }

    public Task<CachedArtifact> SaveReleaseAsync(OptionSet options, Release release, IEngineEventSink events, CancellationToken cancellationToken)
    {
        Asked.Enqueue(options);
        Calls.Enqueue($"save {release.Tag}");
        return Task.FromResult(Samples.Artifact(release.Tag, options.Values("root")[^1]));
    }

    public Task<ExpandedRelease> ExpandReleaseAsync(OptionSet options, CachedArtifact artifact, IEngineEventSink events, CancellationToken cancellationToken)
    {
        Asked.Enqueue(options);
        Calls.Enqueue($"expand {artifact.Tag}");
        return Task.FromResult(Samples.Expanded(artifact.Tag, options.Values("root")[^1]));
    }

    public Task<Deployment> SwitchReleaseAsync(OptionSet options, ExpandedRelease release, IEngineEventSink events, CancellationToken cancellationToken)
    {
        Asked.Enqueue(options);
        Calls.Enqueue($"switch {release.Tag}");
        return Task.FromResult(Samples.Deployment(release.Tag));
    }

    public Task<DeploymentPlan> PlanAsync(OptionSet options, bool force, IEngineEventSink events, CancellationToken cancellationToken)
    {
        Asked.Enqueue(options);
        Calls.Enqueue(force ? "plan by force" : "plan");
        return Task.FromResult(Plan);
    }

    public Task<Deployment?> DeployAsync(OptionSet options, bool force, IEngineEventSink events, CancellationToken cancellationToken)
    {
        Asked.Enqueue(options);
        Calls.Enqueue(force ? "deploy by force" : "deploy");
        return OnDeploy(options, force, events, cancellationToken);
    }

    public Task<Deployment?> PinAsync(OptionSet options, string tag, string requestedBy, IEngineEventSink events, CancellationToken cancellationToken)
    {
        Asked.Enqueue(options);
        Calls.Enqueue($"pin {tag}");
        return OnPin(tag);
    }

    public Task<Deployment> RollbackAsync(OptionSet options, string? to, bool untilNewer, string requestedBy, IEngineEventSink events, CancellationToken cancellationToken)
    {
        Asked.Enqueue(options);
        Calls.Enqueue($"roll back to {to ?? "previous"}{(untilNewer ? " until newer" : "")}");
        return Task.FromResult(Samples.Deployment(to ?? "v1.0.0"));
    }

    public HookResult HookResult { get; set; } = new() { Kind = HookKind.AfterDeploy, Command = "./warm-up", ExitCode = 0, Duration = TimeSpan.FromSeconds(1) };

    public IReadOnlyList<NotificationReceipt> Receipts { get; set; } = [new() { Notifier = "slack://general", Attempts = 1, Duration = TimeSpan.FromSeconds(1) }];

    public Task<HookResult> InvokeHookAsync(OptionSet options, HookKind kind, string? tag, IEngineEventSink events, CancellationToken cancellationToken)
    {
        Asked.Enqueue(options);
        Calls.Enqueue($"hook {kind} for {tag ?? "the live release"}");
        return Task.FromResult(HookResult);
    }

    public Task<IReadOnlyList<NotificationReceipt>> SendNotificationAsync(OptionSet options, string message, NotificationLevel level, CancellationToken cancellationToken)
    {
        Asked.Enqueue(options);
        Calls.Enqueue($"send {level}: {message}");
        return Task.FromResult(Receipts);
    }

    public Task PauseAsync(string root, string requestedBy, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"pause {root}");
        return Task.CompletedTask;
    }

    public Task ResumeAsync(string root, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"resume {root}");
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Deployment>> GetDeploymentsAsync(string root, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Deployment>>([.. History.Take(limit)]);

    public Task<AgentStatus> GetStatusAsync(string root, CancellationToken cancellationToken) => Task.FromResult(Status with { Root = root });

    public Task<IReadOnlyList<Replica>> GetReplicasAsync(string root, CancellationToken cancellationToken) => Task.FromResult(Status.Replicas);

    /// <summary>What a configuration file speaks of.</summary>
    public IReadOnlyList<ConfiguredApplication> Applications { get; set; } = [];

    public IReadOnlyList<string> GetApplicationNames(OptionSet options) => [.. Applications.Select(application => application.Name)];

    public IReadOnlyList<ConfiguredApplication> GetApplications(OptionSet options, IReadOnlyList<string> names)
    {
        Asked.Enqueue(options);
        return [.. Applications.Where(application => names.Count == 0 || names.Contains(application.Name))];
    }

    /// <summary>What looking found.</summary>
    public IReadOnlyList<ConfigurationCheck> Checks { get; set; } = [];

    public Task<IReadOnlyList<ConfigurationCheck>> CheckAsync(OptionSet options, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        Asked.Enqueue(options);
        Calls.Enqueue($"check {string.Join(' ', names)}".TrimEnd());
        return Task.FromResult(Checks);
    }

    public IDewyAgent CreateAgent(OptionSet options, IEngineEventSink events)
    {
        Asked.Enqueue(options);
        return OnCreateAgent(options, events);
    }

    public IDewyProxy CreateProxy(OptionSet options, IReadOnlyList<string> backends, string? application, IEngineEventSink events) => throw new NotSupportedException();

    public Task<HealthResult> TestHealthAsync(string address, string? path, TimeSpan timeout, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IReadOnlyList<CachedArtifact> GetCachedArtifacts(string root) => Cache;
}

namespace Dewy;

/// <summary>
/// Everything Dewy does, for the front ends. Options come as an <see cref="OptionSet"/>; failures are
/// <see cref="DewyException"/>s; cancellation is <see cref="OperationCanceledException"/> and leaves nothing half done.
/// </summary>
public interface IDewyEngine
{
    /// <summary>Version of Dewy and the source revision it was built from.</summary>
    (string Version, string Commit) Version { get; }

    /// <summary>Releases of a registry that match the options, newest first; only the newest unless <paramref name="all"/>.</summary>
    Task<IReadOnlyList<Release>> GetReleasesAsync(OptionSet options, bool all, IEngineEventSink events, CancellationToken cancellationToken);

    /// <summary>Fetches a release into the cache and verifies it; an entry already there is verified again.</summary>
    Task<CachedArtifact> SaveReleaseAsync(OptionSet options, Release release, IEngineEventSink events, CancellationToken cancellationToken);

    /// <summary>Extracts a cached artifact into <c>releases/</c> of the root and links what is shared.</summary>
    Task<ExpandedRelease> ExpandReleaseAsync(OptionSet options, CachedArtifact artifact, IEngineEventSink events, CancellationToken cancellationToken);

    /// <summary>Points <c>current</c> at a release directory and records it.</summary>
    Task<Deployment> SwitchReleaseAsync(OptionSet options, ExpandedRelease release, IEngineEventSink events, CancellationToken cancellationToken);

    /// <summary>What one cycle would do now. Changes nothing.</summary>
    Task<DeploymentPlan> PlanAsync(OptionSet options, bool force, IEngineEventSink events, CancellationToken cancellationToken);

    /// <summary>
    /// One cycle, all phases. Where an agent holds the root it is told to do it and its result is awaited.
    /// Null where there was nothing to do.
    /// </summary>
    Task<Deployment?> DeployAsync(OptionSet options, bool force, IEngineEventSink events, CancellationToken cancellationToken);

    /// <summary>Goes back to the previous release, or to <paramref name="to"/> (a tag or a release directory's name), and pins it.</summary>
    Task<Deployment> RollbackAsync(OptionSet options, string? to, bool untilNewer, string requestedBy, IEngineEventSink events, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a release wanted, whatever else the registry has, until deploying is resumed: a kept one, or one that the
    /// registry turns out to have. Where an agent holds the root it deploys it now, and its result is awaited.
    /// </summary>
    /// <returns>The deployment it led to; null where the release is live already, and where no agent runs: the next one, or the next deployment, does it.</returns>
    /// <exception cref="DewyException"><see cref="ErrorCode.ReleaseNotFound"/>: neither is there; nothing is pinned then.</exception>
    Task<Deployment?> PinAsync(OptionSet options, string tag, string requestedBy, IEngineEventSink events, CancellationToken cancellationToken);

    /// <summary>
    /// Runs a configured hook by itself, as a deployment of <paramref name="tag"/> (where null, of the live release) would.
    /// A hook that fails is a result, not an exception.
    /// </summary>
    Task<HookResult> InvokeHookAsync(OptionSet options, HookKind kind, string? tag, IEngineEventSink events, CancellationToken cancellationToken);

    /// <summary>Sends a message to every configured notifier, quiet ones included, and tells what became of it at each.</summary>
    Task<IReadOnlyList<NotificationReceipt>> SendNotificationAsync(OptionSet options, string message, NotificationLevel level, CancellationToken cancellationToken);

    /// <summary>Pauses deploying in a root; survives restarts.</summary>
    Task PauseAsync(string root, string requestedBy, CancellationToken cancellationToken);

    /// <summary>Ends a pause and a pin.</summary>
    Task ResumeAsync(string root, CancellationToken cancellationToken);

    /// <summary>The history of a root, newest first.</summary>
    Task<IReadOnlyList<Deployment>> GetDeploymentsAsync(string root, int limit, CancellationToken cancellationToken);

    /// <summary>The state of a root and of the agent that holds it, if one does, in this process or another.</summary>
    Task<AgentStatus> GetStatusAsync(string root, CancellationToken cancellationToken);

    /// <summary>
    /// The replicas of a root's application, with what its agent knows of them where one runs; without one what is written
    /// down. Empty where there are none.
    /// </summary>
    Task<IReadOnlyList<Replica>> GetReplicasAsync(string root, CancellationToken cancellationToken);

    /// <summary>The names of the applications in the configuration file that the options or the environment name; none where it speaks of one alone, or is not there.</summary>
    IReadOnlyList<string> GetApplicationNames(OptionSet options);

    /// <summary>
    /// The applications of the configuration file that the options or the environment name, in its order; where it speaks of
    /// one alone, that one. The options of all of them are validated, and what is wrong is told at once.
    /// </summary>
    /// <param name="options">What was given directly, for all of them.</param>
    /// <param name="names">The applications meant; none for all.</param>
    IReadOnlyList<ConfiguredApplication> GetApplications(OptionSet options, IReadOnlyList<string> names);

    /// <summary>
    /// Looks at everything the agents of the applications meant would depend on, and changes nothing. What is wrong is a
    /// result, not an exception; each look has a time limit, and none stops the others.
    /// </summary>
    /// <inheritdoc cref="GetApplications"/>
    Task<IReadOnlyList<ConfigurationCheck>> CheckAsync(OptionSet options, IReadOnlyList<string> names, CancellationToken cancellationToken);

    /// <summary>An agent, not started yet. Options are validated here.</summary>
    IDewyAgent CreateAgent(OptionSet options, IEngineEventSink events);

    /// <summary>A proxy by itself, not started yet. Options are validated here.</summary>
    /// <param name="options">Those of the proxy: ports, policy, limits, health path.</param>
    /// <param name="backends">Where requests go (<see cref="IDewyProxy.SetBackendsAsync"/>); empty where <paramref name="application"/> is given.</param>
    /// <param name="application">Application whose containers are the backends, found by their labels again and again; null for those given.</param>
    /// <param name="events">Gets the events.</param>
    IDewyProxy CreateProxy(OptionSet options, IReadOnlyList<string> backends, string? application, IEngineEventSink events);

    /// <summary>One health check as the agent makes it: tried until it succeeds or the time is over.</summary>
    /// <param name="address"><c>host:port</c>, or a URL whose path is asked.</param>
    /// <param name="path">Path to ask; null for the URL's own, or for a mere connection.</param>
    /// <param name="timeout">How long in all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<HealthResult> TestHealthAsync(string address, string? path, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Cached artifacts of a root, newest first, for completion.</summary>
    IReadOnlyList<CachedArtifact> GetCachedArtifacts(string root);
}

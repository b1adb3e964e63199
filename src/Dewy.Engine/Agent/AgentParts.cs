using Dewy.Engine.Artifacts.Caching;
using Dewy.Engine.Composition;
using Dewy.Engine.Containers;
using Dewy.Engine.Deployment;
using Dewy.Engine.Deployment.Hooks;
using Dewy.Engine.Notifications;
using Dewy.Engine.Registries;

namespace Dewy.Engine.Agent;

/// <summary>What one application's cycle works with. Put together by the composition, owned by whoever runs the cycle.</summary>
internal sealed class AgentParts : IAsyncDisposable
{
    public required ApplicationOptions Options { get; init; }

    public required DeploymentRoot Root { get; init; }

    public required IReleaseSource Source { get; init; }

    public required ReleaseFinder Finder { get; init; }

    public required IArtifactCache Cache { get; init; }

    public required ReleasePhases Phases { get; init; }

    public required HookRunner Hooks { get; init; }

    public required IWorkload Workload { get; init; }

    /// <summary>The engine's images; null except in container mode.</summary>
    public IImageStore? Images { get; init; }

    /// <summary>How others reach the agent; null where nobody does.</summary>
    public IAgentAdmin? Admin { get; init; }

    /// <summary>What it is measured by; null where it is not.</summary>
    public IDisposable? Telemetry { get; init; }

    public required IEngineEventSink Events { get; init; }

    /// <summary>Tells people; null where nobody is to be told.</summary>
    public NotifierSet? Notifiers { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>A number from 0 to 1, a new one each time.</summary>
    public required Func<double> Jitter { get; init; }

    /// <summary>Version of Dewy and the source revision it was built from.</summary>
    public required (string Version, string Commit) Version { get; init; }

    /// <summary>Name of this host, for shipping reports.</summary>
    public required string HostName { get; init; }

    /// <summary>How long after going live a release is watched; zero where nothing runs.</summary>
    public TimeSpan WatchTime => Options.WatchTime;

    /// <summary>Releases that were live and good and can be made live again, newest first.</summary>
    public IReadOnlyList<LiveRelease> Kept(RootState state) =>
        Images is null ? [.. Root.Releases.List().Where(kept => kept.IsGood).Select(kept => kept.ToLive())] : state.Good;

    public void Publish(EngineEvent engineEvent) => Events.Publish(engineEvent);

    public async ValueTask DisposeAsync()
    {
        await Workload.DisposeAsync();
        await Source.DisposeAsync();
        if (Cache is IAsyncDisposable shared)
            await shared.DisposeAsync();
        Telemetry?.Dispose();
        if (Notifiers is not null)
            await Notifiers.DisposeAsync();
    }
}

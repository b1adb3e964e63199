using Dewy.Engine.Deployment;

namespace Dewy.Engine.Agent;

/// <summary>What is really there at one moment: the state on disk, where <c>current</c> points, what runs, and the clock.</summary>
internal sealed record Observed
{
    public required RootState State { get; init; }

    /// <summary>Absolute path <c>current</c> points to; null where there is no link.</summary>
    public string? CurrentTarget { get; init; }

    /// <summary>Release directories that are whole and kept, newest first.</summary>
    public IReadOnlyList<LiveRelease> Kept { get; init; } = [];

    public required WorkloadObservation Workload { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>Local time, for deployment windows.</summary>
    public required DateTime LocalNow { get; init; }

    /// <summary>Somebody asked for a graceful restart.</summary>
    public bool RestartRequested { get; init; }

    /// <summary>An operator asked for a deployment now.</summary>
    public bool Force { get; init; }
}

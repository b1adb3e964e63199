namespace Dewy.Engine.Agent;

/// <summary>What of the application is running.</summary>
public sealed record WorkloadObservation
{
    /// <summary>Nothing runs and nothing needs to: assets.</summary>
    public static WorkloadObservation NothingToRun { get; } = new() { NeedsRunning = false };

    /// <summary>False where a release is live without anything running.</summary>
    public bool NeedsRunning { get; init; } = true;

    /// <summary>Tag, key and digest of what serves now; null where nothing does.</summary>
    public LiveRelease? Running { get; init; }

    /// <summary>How the application ended when it last did so by itself, since the last replacement; null where it did not.</summary>
    public ProcessExit? LastExit { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? LastExitAt { get; init; }

    /// <summary>Ends in a row of the same release that nobody asked for.</summary>
    public int Crashes { get; init; }

    /// <summary>What of the replicas is not as it shall be, such as one that is missing; null while nothing is.</summary>
    public string? Amiss { get; init; }

    /// <summary>The replica of the live release that has not answered for longest; null while all do.</summary>
    public Ailment? Ailing { get; init; }

    /// <summary>Replicas for the status, those that leave included.</summary>
    public IReadOnlyList<Replica> Replicas { get; init; } = [];

    /// <summary>The proxy in front of them; null where there is none.</summary>
    public ProxyStatus? Proxy { get; init; }

    /// <summary>Processes for the status, the draining ones included.</summary>
    public IReadOnlyList<RunningProcess> Processes { get; init; } = [];
}

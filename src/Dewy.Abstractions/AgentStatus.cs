namespace Dewy;

/// <summary>An agent and its application as seen from outside: everything here is read, not remembered.</summary>
public sealed record AgentStatus
{
    /// <summary>Name of the application.</summary>
    public required string Name { get; init; }

    public required string Root { get; init; }

    public required AgentState State { get; init; }

    /// <summary>Null where no agent has run in this root yet.</summary>
    public DeploymentMode? Mode { get; init; }

    /// <summary>Process id of the agent; null where none runs.</summary>
    public int? AgentProcessId { get; init; }

    public string? Registry { get; init; }

    /// <summary>Where the agent's admin API and dashboard are: a URL, or the path of a Unix socket; null where there is none.</summary>
    public string? AdminAddress { get; init; }

    public LiveRelease? Current { get; init; }

    public LiveRelease? Previous { get; init; }

    public ReleasePin? Pin { get; init; }

    public ReleasePause? Pause { get; init; }

    /// <summary>What the agent would deploy if nothing held it back; null where nothing waits, and where no agent runs that could be asked.</summary>
    public HeldRelease? Held { get; init; }

    public IReadOnlyList<BlockedRelease> Blocked { get; init; } = [];

    public IReadOnlyList<RunningProcess> Processes { get; init; } = [];

    /// <summary>What runs behind the proxy; empty where there is none.</summary>
    public IReadOnlyList<Replica> Replicas { get; init; } = [];

    /// <summary>The agent's proxy; null where it has none.</summary>
    public ProxyStatus? Proxy { get; init; }

    /// <summary>The newest entry of the history.</summary>
    public Deployment? LastDeployment { get; init; }

    /// <summary>When the registry last answered (UTC); null where unknown.</summary>
    public DateTimeOffset? LastCheck { get; init; }

    /// <summary>The newest tag the registry had then.</summary>
    public string? NewestTag { get; init; }
}

namespace Dewy.Engine.Admin.Answers;

/// <summary><c>GET /api/status</c>: first the members of the Go program (compat), then the rest.</summary>
internal sealed record StatusAnswer
{
    public required string Name { get; init; }

    /// <summary><c>server</c>, <c>assets</c> or <c>container</c>.</summary>
    public required string Command { get; init; }

    /// <summary>The tag that is live; empty while none is.</summary>
    public required string CurrentVersion { get; init; }

    /// <summary>Backends of the proxy, whatever their state.</summary>
    public required int ProxyBackends { get; init; }

    /// <summary>Whether a program of the application runs; never in assets mode.</summary>
    public required bool IsRunning { get; init; }

    public required AgentState State { get; init; }

    public required string Root { get; init; }

    public string? Registry { get; init; }

    /// <summary>The agent's process id.</summary>
    public required int ProcessId { get; init; }

    /// <summary>Version of Dewy.</summary>
    public required string Version { get; init; }

    /// <summary>When the agent started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The agent's clock, against which the times here are to be read.</summary>
    public required DateTimeOffset Now { get; init; }

    public DateTimeOffset? LastCheck { get; init; }

    public string? NewestVersion { get; init; }

    public LiveRelease? Current { get; init; }

    public LiveRelease? Previous { get; init; }

    public ReleasePin? Pin { get; init; }

    public ReleasePause? Pause { get; init; }

    public HeldRelease? Held { get; init; }

    public IReadOnlyList<BlockedRelease> Blocked { get; init; } = [];

    public IReadOnlyList<RunningProcess> Processes { get; init; } = [];

    public IReadOnlyList<ReplicaAnswer> Replicas { get; init; } = [];

    public ProxyStatus? Proxy { get; init; }

    public Dewy.Deployment? LastDeployment { get; init; }

    /// <summary>Whether <c>/metrics</c> answers.</summary>
    public bool Metrics { get; init; }
}

namespace Dewy.Engine.Agent;

/// <summary>What the planner must know of the options.</summary>
internal sealed record CyclePolicy
{
    public required DeploymentMode Mode { get; init; }

    public required AgentOptions Agent { get; init; }

    /// <summary>How long after going live a crash rolls the release back; zero where nothing is watched.</summary>
    public TimeSpan WatchTime { get; init; }

    /// <summary>Whether misbehaving releases are rolled back.</summary>
    public bool Rollback { get; init; } = true;

    public bool HasBeforeHook { get; init; }

    public bool HasAfterHook { get; init; }

    public bool Reports { get; init; }

    public IReadOnlyList<string> Shared { get; init; } = [];
}

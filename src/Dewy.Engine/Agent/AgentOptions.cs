namespace Dewy.Engine.Agent;

/// <summary>When the agent looks and when it may act.</summary>
public sealed record AgentOptions
{
    /// <summary>Time between the starts of two cycles, ±10 % jitter; default 10 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long after its creation a release may lack an artifact without that being an error; default 30 min.</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Releases younger than this are left alone; default 0.</summary>
    public TimeSpan MinimumAge { get; init; }

    /// <summary>Local times in which deploying is allowed; empty for always.</summary>
    public IReadOnlyList<DeploymentWindow> Windows { get; init; } = [];

    /// <summary>Whether a release older than the live one may be deployed when it becomes the newest; default true.</summary>
    public bool AllowDowngrade { get; init; } = true;

    /// <summary>Longest the check of a cycle may take; default 2 min.</summary>
    public TimeSpan CheckTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Longest a whole deployment may take; default 2 h.</summary>
    public TimeSpan DeploymentTimeout { get; init; } = TimeSpan.FromHours(2);
}

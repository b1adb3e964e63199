namespace Dewy.Engine.Deployment;

/// <summary>What runs around a deployment.</summary>
public sealed record HookOptions
{
    public string? BeforeDeploy { get; init; }

    public string? AfterDeploy { get; init; }

    /// <summary>After this the hook's whole process tree is ended; default 10 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether a failed hook stops the deployment before the switch; default false.</summary>
    public bool AbortOnFailure { get; init; }

    /// <summary>Names of the agent's own secret variables that hooks may see.</summary>
    public IReadOnlyList<string> PassEnvironment { get; init; } = [];
}

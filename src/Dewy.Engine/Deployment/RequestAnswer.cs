namespace Dewy.Engine.Deployment;

/// <summary>What became of an operator's request.</summary>
internal sealed record RequestAnswer
{
    public required string RequestId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The deployment it led to, to be found in the history; null where nothing had to be deployed.</summary>
    public string? DeploymentId { get; init; }

    /// <summary>Why nothing was deployed, in one sentence; null where something was, and where it failed.</summary>
    public string? Reason { get; init; }

    /// <summary>The release that is held back for that reason; null where none is.</summary>
    public string? HeldTag { get; init; }

    /// <summary>Why it failed before there was a deployment; null where it did not.</summary>
    public DeploymentError? Error { get; init; }
}

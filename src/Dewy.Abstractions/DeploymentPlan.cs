namespace Dewy;

/// <summary>What a cycle would do now, and why.</summary>
public sealed record DeploymentPlan
{
    /// <summary>One sentence: why these steps, or why none.</summary>
    public required string Reason { get; init; }

    public IReadOnlyList<PlanStep> Steps { get; init; } = [];

    /// <summary>The release that is wanted; null where the registry could not tell.</summary>
    public Release? Wanted { get; init; }

    /// <summary>The tag that is live; null where none is.</summary>
    public string? LiveTag { get; init; }
}

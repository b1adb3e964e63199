using Dewy.Engine.Registries;

namespace Dewy.Engine.Agent;

/// <summary>What a cycle will do and why: the result of a pure function, printed by <c>-WhatIf</c>, asserted by tests, run by the executor.</summary>
internal sealed record CyclePlan
{
    public required PlanGoal Goal { get; init; }

    /// <summary>One sentence.</summary>
    public required string Reason { get; init; }

    public IReadOnlyList<CycleStep> Steps { get; init; } = [];

    /// <summary>The release to deploy, for <see cref="PlanGoal.Deploy"/>; the one held back, for <see cref="PlanGoal.Hold"/>.</summary>
    public ReleaseFinding? Finding { get; init; }

    public Release? Release => Finding?.Release;

    /// <summary>The kept release to make live or to start, for the other goals.</summary>
    public LiveRelease? Target { get; init; }

    /// <summary>Why the application is started: <c>deploy</c>, <c>start</c>, <c>signal</c>, <c>crash</c> or <c>rollback</c>.</summary>
    public string StartReason { get; init; } = "deploy";

    /// <summary>When there will be something to do that no event announces, such as a restart after a crash; null where there is none.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The live release's block to forget, the pin that ended, or both.</summary>
    public bool ForgetsPin { get; init; }

    /// <summary>Nothing to do.</summary>
    public static CyclePlan Nothing(string reason) => new() { Goal = PlanGoal.Nothing, Reason = reason };
}

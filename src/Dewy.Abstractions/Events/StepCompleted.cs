namespace Dewy;

/// <summary>A step of a plan ended well.</summary>
/// <param name="DeploymentId">The deployment; null for upkeep.</param>
/// <param name="Step">The step.</param>
/// <param name="Duration">How long it took.</param>
public sealed record StepCompleted(string? DeploymentId, PlanStep Step, TimeSpan Duration) : EngineEvent;

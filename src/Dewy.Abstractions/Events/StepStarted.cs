namespace Dewy;

/// <summary>A step of a plan begins.</summary>
/// <param name="DeploymentId">The deployment; null for upkeep.</param>
/// <param name="Step">The step.</param>
public sealed record StepStarted(string? DeploymentId, PlanStep Step) : EngineEvent;

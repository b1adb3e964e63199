namespace Dewy;

/// <summary>A cycle ended in an error.</summary>
/// <param name="Error">What failed.</param>
/// <param name="ConsecutiveFailures">How many cycles in a row have failed.</param>
/// <param name="NextIn">When the next cycle comes.</param>
public sealed record CycleFailed(DeploymentError Error, int ConsecutiveFailures, TimeSpan NextIn) : EngineEvent;

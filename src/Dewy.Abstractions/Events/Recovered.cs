namespace Dewy;

/// <summary>The first cycle that worked after failures.</summary>
/// <param name="Failures">How many failed.</param>
/// <param name="After">How long it took.</param>
public sealed record Recovered(int Failures, TimeSpan After) : EngineEvent;

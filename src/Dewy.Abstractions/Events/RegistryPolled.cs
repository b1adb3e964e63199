namespace Dewy;

/// <summary>The registry was asked.</summary>
/// <param name="Registry">The registry's URL without secrets.</param>
/// <param name="Outcome">What the answer was worth.</param>
/// <param name="Duration">How long it took.</param>
public sealed record RegistryPolled(string Registry, PollOutcome Outcome, TimeSpan Duration) : EngineEvent;

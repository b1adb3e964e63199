namespace Dewy;

/// <summary>The registry does not answer, and an older answer, kept by the fleet, is used in its place.</summary>
/// <param name="Registry">The registry's URL without secrets.</param>
/// <param name="AnsweredAt">When the registry gave that answer (UTC, by the clock of the host that asked).</param>
/// <param name="Reason">Why there is no newer one.</param>
public sealed record RegistryAnswerStale(string Registry, DateTimeOffset AnsweredAt, string Reason) : EngineEvent;

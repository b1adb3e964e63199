namespace Dewy;

/// <summary>The agent was asked to stop.</summary>
/// <param name="Reason">A signal's name, or who asked.</param>
public sealed record AgentStopping(string Reason) : EngineEvent;

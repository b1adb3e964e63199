namespace Dewy;

/// <summary>The agent has let go of the root; nothing of it runs any more.</summary>
/// <param name="ApplicationLeftRunning">True where the application was told to go on for the next agent.</param>
public sealed record AgentStopped(bool ApplicationLeftRunning) : EngineEvent;

namespace Dewy;

/// <summary>A graceful restart was asked for.</summary>
/// <param name="ProcessId">The agent's own process id.</param>
/// <param name="RequestedBy">A signal's name or who asked.</param>
public sealed record RestartRequested(int ProcessId, string RequestedBy) : EngineEvent;

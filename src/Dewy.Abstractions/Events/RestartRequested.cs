namespace Dewy;

/// <summary>A graceful restart was asked for.</summary>
/// <param name="ProcessId">The agent's own process id.</param>
/// <param name="RequestedBy">A signal's name or who asked.</param>
/// <param name="Notify">Whether people are to be told.</param>
public sealed record RestartRequested(int ProcessId, string RequestedBy, bool Notify) : EngineEvent;

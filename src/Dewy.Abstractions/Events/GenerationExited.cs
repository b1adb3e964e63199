namespace Dewy;

/// <summary>A generation ended.</summary>
/// <param name="Generation">Its number.</param>
/// <param name="ProcessId">Its process id.</param>
/// <param name="Tag">The release it ran.</param>
/// <param name="Exit">How it ended.</param>
public sealed record GenerationExited(int Generation, int ProcessId, string Tag, ProcessExit Exit) : EngineEvent;

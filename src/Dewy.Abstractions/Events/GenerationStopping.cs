namespace Dewy;

/// <summary>A generation was told to end.</summary>
/// <param name="Generation">Its number.</param>
/// <param name="ProcessId">Its process id.</param>
/// <param name="Signal">The signal sent to its process group.</param>
public sealed record GenerationStopping(int Generation, int ProcessId, string Signal) : EngineEvent;

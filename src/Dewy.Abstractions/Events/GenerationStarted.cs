namespace Dewy;

/// <summary>A generation of the supervised program was started.</summary>
/// <param name="Generation">Its number, from 1.</param>
/// <param name="ProcessId">Its process id.</param>
/// <param name="Tag">The release it runs.</param>
public sealed record GenerationStarted(int Generation, int ProcessId, string Tag) : EngineEvent;

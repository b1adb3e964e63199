namespace Dewy;

/// <summary>A generation is ready to serve.</summary>
/// <param name="Generation">Its number.</param>
/// <param name="ProcessId">Its process id.</param>
/// <param name="Tag">The release it runs.</param>
/// <param name="After">How long after its start.</param>
public sealed record GenerationReady(int Generation, int ProcessId, string Tag, TimeSpan After) : EngineEvent;

namespace Dewy;

/// <summary>A program that outlived an earlier agent is supervised again.</summary>
/// <param name="Generation">Its number.</param>
/// <param name="ProcessId">Its process id.</param>
/// <param name="Tag">The release it runs.</param>
public sealed record GenerationAdopted(int Generation, int ProcessId, string Tag) : EngineEvent;

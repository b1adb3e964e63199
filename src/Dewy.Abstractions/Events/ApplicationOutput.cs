namespace Dewy;

/// <summary>A line the application wrote; only where the host asked for output.</summary>
/// <param name="Generation">The generation that wrote it.</param>
/// <param name="IsError">True for standard error.</param>
/// <param name="Line">The line without its end, at most 8 KiB.</param>
public sealed record ApplicationOutput(int Generation, bool IsError, string Line) : EngineEvent;

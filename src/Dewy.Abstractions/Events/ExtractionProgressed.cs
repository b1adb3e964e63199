namespace Dewy;

/// <summary>Entries were extracted; at most a few of these a second.</summary>
/// <param name="Path">The release directory.</param>
/// <param name="Bytes">Bytes written so far.</param>
/// <param name="Entries">Entries so far.</param>
public sealed record ExtractionProgressed(string Path, long Bytes, int Entries) : EngineEvent;

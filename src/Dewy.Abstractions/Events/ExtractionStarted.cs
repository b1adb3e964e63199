namespace Dewy;

/// <summary>An archive is being extracted.</summary>
/// <param name="Key">Cache key.</param>
/// <param name="Path">The release directory it will become.</param>
public sealed record ExtractionStarted(string Key, string Path) : EngineEvent;

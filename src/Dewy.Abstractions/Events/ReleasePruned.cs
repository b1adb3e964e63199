namespace Dewy;

/// <summary>An old release directory or a leftover was removed.</summary>
/// <param name="Path">What was removed.</param>
public sealed record ReleasePruned(string Path) : EngineEvent;

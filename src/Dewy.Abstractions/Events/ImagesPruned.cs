namespace Dewy;

/// <summary>Images of old releases were removed.</summary>
/// <param name="Keep">How many are kept.</param>
/// <param name="Removed">How many were removed.</param>
public sealed record ImagesPruned(int Keep, int Removed) : EngineEvent;

namespace Dewy;

/// <summary>A newer release exists and is left alone for now.</summary>
/// <param name="Tag">The release.</param>
/// <param name="Reason">Pause, window, minimum age, block or downgrade, in one sentence.</param>
public sealed record ReleaseHeld(string Tag, string Reason) : EngineEvent;

namespace Dewy;

/// <summary>The application ended by itself and will be started again.</summary>
/// <param name="Tag">The release.</param>
/// <param name="Crashes">Crashes in a row.</param>
/// <param name="Delay">How long until the next start.</param>
public sealed record RestartScheduled(string Tag, int Crashes, TimeSpan Delay) : EngineEvent;

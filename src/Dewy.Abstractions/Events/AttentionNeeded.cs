namespace Dewy;

/// <summary>Something a person should look at that stops nothing.</summary>
/// <param name="Message">One sentence.</param>
/// <param name="Target">The thing concerned.</param>
/// <param name="NextStep">What to do.</param>
public sealed record AttentionNeeded(string Message, string? Target, string? NextStep) : EngineEvent;

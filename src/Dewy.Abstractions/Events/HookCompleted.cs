namespace Dewy;

/// <summary>A hook ended.</summary>
/// <param name="Result">What it did.</param>
public sealed record HookCompleted(HookResult Result) : EngineEvent;

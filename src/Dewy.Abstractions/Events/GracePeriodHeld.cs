namespace Dewy;

/// <summary>The newest release has no artifact for this host yet and is young enough to wait for.</summary>
/// <param name="Tag">The release.</param>
/// <param name="Message">What is missing.</param>
/// <param name="GracePeriod">The configured grace period.</param>
public sealed record GracePeriodHeld(string Tag, string Message, TimeSpan GracePeriod) : EngineEvent;

namespace Dewy;

/// <summary>A release failed and is left alone until it may be tried again.</summary>
/// <param name="Tag">The release.</param>
/// <param name="Reason">What failed.</param>
/// <param name="Failures">How often it has failed.</param>
/// <param name="RetryAt">When it may be tried again.</param>
public sealed record ReleaseBlocked(string Tag, string Reason, int Failures, DateTimeOffset RetryAt) : EngineEvent;

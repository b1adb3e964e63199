namespace Dewy;

/// <summary>A release misbehaves; the previous one is being put back.</summary>
/// <param name="FromTag">The failing release.</param>
/// <param name="ToTag">The one put back.</param>
/// <param name="Reason">What failed.</param>
public sealed record RollingBack(string FromTag, string ToTag, string Reason) : EngineEvent;

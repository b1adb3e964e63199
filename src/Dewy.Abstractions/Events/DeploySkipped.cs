namespace Dewy;

/// <summary>Wanted and observed agree; nothing is done.</summary>
/// <param name="Tag">The tag that is live.</param>
/// <param name="Reason">One sentence.</param>
public sealed record DeploySkipped(string? Tag, string Reason) : EngineEvent;

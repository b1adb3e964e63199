namespace Dewy;

/// <summary>The agent can be watched and told what to do.</summary>
/// <param name="Address">The dashboard's URL, or the path of the Unix socket.</param>
public sealed record AdminApiStarted(string Address) : EngineEvent;

namespace Dewy;

/// <summary>The application was replaced or restarted.</summary>
/// <param name="Tag">The release it runs.</param>
/// <param name="Reason"><c>deploy</c>, <c>signal</c>, <c>crash</c> or <c>rollback</c>.</param>
public sealed record ServerRestarted(string Tag, string Reason) : EngineEvent;

namespace Dewy;

/// <summary>The application was started where none ran.</summary>
/// <param name="Tag">The release it runs.</param>
public sealed record ServerStarted(string Tag) : EngineEvent;

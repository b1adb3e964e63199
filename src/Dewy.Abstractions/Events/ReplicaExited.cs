namespace Dewy;

/// <summary>A replica ended that nobody had told to.</summary>
/// <param name="Replica">Its name.</param>
/// <param name="Tag">The release it runs.</param>
/// <param name="Exit">How it ended.</param>
public sealed record ReplicaExited(string Replica, string Tag, ProcessExit Exit) : EngineEvent;

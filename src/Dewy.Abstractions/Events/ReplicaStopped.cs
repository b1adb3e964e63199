namespace Dewy;

/// <summary>A replica was stopped and removed.</summary>
/// <param name="Replica">Its name.</param>
/// <param name="Tag">The release it runs.</param>
public sealed record ReplicaStopped(string Replica, string Tag) : EngineEvent;

namespace Dewy;

/// <summary>A replica was stopped and removed.</summary>
/// <param name="Replica">Its name.</param>
/// <param name="Tag">The release it runs.</param>
/// <param name="Container">True for a container, false for a process.</param>
public sealed record ReplicaStopped(string Replica, string Tag, bool Container) : EngineEvent;

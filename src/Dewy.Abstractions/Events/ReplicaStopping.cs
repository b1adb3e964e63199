namespace Dewy;

/// <summary>A replica, out of rotation, is told to end.</summary>
/// <param name="Replica">Its name.</param>
/// <param name="Tag">The release it runs.</param>
/// <param name="Container">True for a container, false for a process.</param>
public sealed record ReplicaStopping(string Replica, string Tag, bool Container) : EngineEvent;

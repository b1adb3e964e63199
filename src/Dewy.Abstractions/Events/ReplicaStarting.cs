namespace Dewy;

/// <summary>A replica is being started.</summary>
/// <param name="Replica">Its name.</param>
/// <param name="Tag">The release it runs.</param>
/// <param name="Program">The image or the program.</param>
public sealed record ReplicaStarting(string Replica, string Tag, string Program) : EngineEvent;

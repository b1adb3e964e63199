namespace Dewy;

/// <summary>A replica that outlived an earlier agent is looked after again.</summary>
/// <param name="Replica">Its name.</param>
/// <param name="Tag">The release it runs.</param>
/// <param name="Address">Where it listens, such as <c>127.0.0.1:32768</c>.</param>
public sealed record ReplicaAdopted(string Replica, string Tag, string Address) : EngineEvent;

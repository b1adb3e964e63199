namespace Dewy;

/// <summary>A replica runs; whether it is healthy is not known yet.</summary>
/// <param name="Replica">Its name.</param>
/// <param name="Tag">The release it runs.</param>
/// <param name="Address">Where it listens, such as <c>127.0.0.1:32768</c>.</param>
/// <param name="Port">The port inside its container; null for a process.</param>
public sealed record ReplicaStarted(string Replica, string Tag, string Address, int? Port) : EngineEvent;

namespace Dewy;

/// <summary>A new replica is asked whether it is healthy, again and again until it is or the time is over.</summary>
/// <param name="Replica">Its name.</param>
/// <param name="Tag">The release it runs.</param>
/// <param name="Target">What is asked.</param>
public sealed record ReplicaChecking(string Replica, string Tag, string Target) : EngineEvent;

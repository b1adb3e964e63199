namespace Dewy;

/// <summary>A replica answered its health check.</summary>
/// <param name="Replica">Its name.</param>
/// <param name="Tag">The release it runs.</param>
/// <param name="Target">What was asked.</param>
/// <param name="Answer">What it answered.</param>
/// <param name="Attempts">How many tries it took.</param>
/// <param name="Duration">How long it took.</param>
public sealed record ReplicaHealthy(string Replica, string Tag, string Target, string Answer, int Attempts, TimeSpan Duration) : EngineEvent;

namespace Dewy.EndToEnd.Tests.Replicas.Ground;

/// <summary>A replica that runs, by the machine's word and not by Dewy's notes.</summary>
/// <param name="Id">Of the process, or the first twelve digits of the container's.</param>
/// <param name="Tag">Of its release.</param>
/// <param name="IsRunning">False for a container that is still there and does not run.</param>
internal sealed record ReplicaInstance(string Id, string Tag, bool IsRunning = true);

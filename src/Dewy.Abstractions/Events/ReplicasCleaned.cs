namespace Dewy;

/// <summary>The replicas of an application were stopped because its agent ends.</summary>
/// <param name="Count">How many.</param>
/// <param name="Containers">True for containers, false for processes.</param>
public sealed record ReplicasCleaned(int Count, bool Containers) : EngineEvent;

namespace Dewy;

/// <summary>All replicas are those that shall be; the old ones get no more requests.</summary>
/// <param name="Tag">The release they run.</param>
/// <param name="Started">How many were started.</param>
/// <param name="Retired">How many old ones leave.</param>
/// <param name="Containers">True for containers, false for processes.</param>
public sealed record ReplicasReplaced(string Tag, int Started, int Retired, bool Containers) : EngineEvent;

namespace Dewy.Engine.Admin.Answers;

/// <summary><c>GET /api/replicas</c>.</summary>
/// <param name="Replicas">What runs behind the proxy; empty where there is none.</param>
internal sealed record ReplicasAnswer(IReadOnlyList<ReplicaAnswer> Replicas);

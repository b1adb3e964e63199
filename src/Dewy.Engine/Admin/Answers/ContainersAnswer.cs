namespace Dewy.Engine.Admin.Answers;

/// <summary><c>GET /api/containers</c>.</summary>
/// <param name="Containers">The application's containers; empty in other modes.</param>
internal sealed record ContainersAnswer(IReadOnlyList<ContainerAnswer> Containers);

namespace Dewy.Engine.Admin.Answers;

/// <summary><c>GET /api/deployments</c>.</summary>
/// <param name="Deployments">The history, newest first.</param>
internal sealed record DeploymentsAnswer(IReadOnlyList<Dewy.Deployment> Deployments);

namespace Dewy.Engine.Admin.Answers;

/// <summary><c>GET /healthz</c>.</summary>
/// <param name="Status"><c>ok</c>, or <c>stopping</c> with 503.</param>
/// <param name="State">What the agent does.</param>
internal sealed record HealthAnswer(string Status, AgentState State);

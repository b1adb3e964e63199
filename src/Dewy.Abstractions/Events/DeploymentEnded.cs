namespace Dewy;

/// <summary>A deployment ended, well or not.</summary>
/// <param name="Deployment">Its entry in the history.</param>
public sealed record DeploymentEnded(Deployment Deployment) : EngineEvent;

namespace Dewy.Engine.Deployment;

/// <summary>The agent that runs or last ran in a root, for the status shown by other processes.</summary>
/// <param name="Name">Name of the application.</param>
/// <param name="Mode">What it does there.</param>
/// <param name="Registry">The registry's URL with secrets removed.</param>
internal sealed record AgentDescription(string Name, DeploymentMode Mode, string Registry);

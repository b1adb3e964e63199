namespace Dewy;

/// <summary>The agent holds the root and begins its first cycle.</summary>
/// <param name="Version">Version of Dewy.</param>
/// <param name="Commit">Source revision it was built from.</param>
/// <param name="Mode">What it deploys.</param>
/// <param name="Root">The directory it deploys into.</param>
/// <param name="Registry">Where it looks, without secrets.</param>
public sealed record AgentStarted(string Version, string Commit, DeploymentMode Mode, string Root, string Registry) : EngineEvent;

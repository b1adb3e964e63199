namespace Dewy.Engine.Composition.Configuration;

/// <summary>A variable that a configuration file adds to the agent's environment.</summary>
internal sealed record FileVariable(string Name, FileText Value);

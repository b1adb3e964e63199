namespace Dewy.Engine.Composition;

/// <summary>The applications of a configuration file that speaks of several.</summary>
/// <param name="Names">In the file's order.</param>
/// <param name="Meant">The one that is meant; null where nothing says which.</param>
/// <param name="Mode">The mode of that one.</param>
public sealed record NamedApplications(IReadOnlyList<string> Names, string? Meant, DeploymentMode? Mode);

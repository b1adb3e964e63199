namespace Dewy.Engine.Registries;

/// <summary>Where a registry keeps a file that somebody named by its URL.</summary>
/// <param name="Registry">The registry's own address.</param>
/// <param name="Tag">The release.</param>
/// <param name="Name">The file of the release; null where a release is no more than one thing (an image).</param>
internal sealed record ArtifactPlace(RegistryAddress Registry, string Tag, string? Name);

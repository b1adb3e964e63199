namespace Dewy;

/// <summary>An artifact was fetched and verified.</summary>
/// <param name="Artifact">The cache entry.</param>
public sealed record ArtifactCached(CachedArtifact Artifact) : EngineEvent;

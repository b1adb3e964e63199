namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>One artifact to be extracted.</summary>
internal sealed record ExtractionRequest
{
    /// <summary>The local file.</summary>
    public required string ArchivePath { get; init; }

    /// <summary>The artifact's own file name (not the cache key): tells formats apart where the content does not, and names a single executable.</summary>
    public required string ArtifactName { get; init; }

    /// <summary>A fresh, empty directory nobody else writes to; the caller renames it when extraction succeeded and deletes it when not.</summary>
    public required string DestinationDirectory { get; init; }

    /// <summary>The release directory to name in progress events; null for <see cref="DestinationDirectory"/>.</summary>
    public string? ReleaseDirectory { get; init; }

    /// <summary>The SHA-256 the file must have; it is computed from the bytes that are extracted, so one read serves both. Null to compute only.</summary>
    public Digest? ExpectedDigest { get; init; }
}

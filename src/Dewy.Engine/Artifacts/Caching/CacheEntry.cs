namespace Dewy.Engine.Artifacts.Caching;

/// <summary>An entry on disk.</summary>
/// <param name="Path">Its content.</param>
/// <param name="Digest">SHA-256 the content must have.</param>
/// <param name="Description">What is kept about it.</param>
internal sealed record CacheEntry(string Path, Digest Digest, CacheDescription Description)
{
    /// <summary>The file its description is in.</summary>
    public string DescriptionPath => Path + CacheFileName.DescriptionSuffix;

    /// <summary>The entry as others see it.</summary>
    public CachedArtifact ToArtifact(bool downloaded, string? root) => new()
    {
        Key = Description.Key,
        Tag = Description.Tag,
        Path = Path,
        Size = Description.Size,
        Digest = Digest,
        VerifiedBy = Description.VerifiedBy,
        Downloaded = downloaded,
        Root = root,
    };
}

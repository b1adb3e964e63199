namespace Dewy.Engine.Artifacts.Caching;

/// <summary>
/// Verified artifacts, ready to be read from local disk. A cache shared by a fleet keeps its objects elsewhere and uses a
/// local one as staging area; its <see cref="CachedArtifact.Path"/>s are local all the same.
/// </summary>
internal interface IArtifactCache
{
    /// <summary>An entry, its content checked again; null where there is none or it was damaged (and set aside).</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.ChecksumMissing"/> or <see cref="ErrorCode.SignatureMismatch"/>: it was stored under a
    /// laxer policy than the present one; or the disk's failure.</exception>
    Task<CachedArtifact?> GetAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// The entry of a request, its content checked again, or fetched, verified and stored. An entry is fetched anew when
    /// it is damaged, when the registry states something else than when it was stored, or when the policy demands more.
    /// One fetch a key, whatever the number of callers and processes.
    /// </summary>
    /// <exception cref="DewyException">Fetching, verifying or storing failed.</exception>
    Task<CachedArtifact> GetOrFetchAsync(ArtifactRequest request, CancellationToken cancellationToken);

    /// <summary>The entries on local disk, newest first. Reads their descriptions only.</summary>
    IReadOnlyList<CachedArtifact> List();

    /// <summary>Removes the oldest entries until the rest fits the size limit.</summary>
    /// <param name="protectedKeys">Never removed, even when they alone exceed the limit.</param>
    void Evict(IReadOnlyCollection<string> protectedKeys);
}

using Dewy.Engine.Artifacts.Downloads;
using Dewy.Engine.Artifacts.Hashing;
using Dewy.Engine.Artifacts.Verification;
using Dewy.Engine.Files;

namespace Dewy.Engine.Artifacts.Caching;

/// <summary>A cache in a directory, which several agents may share.</summary>
internal sealed class LocalArtifactCache : IArtifactCache
{
    /// <summary>Beyond the time a download may take, what its holder may spend on verifying and storing.</summary>
    private static readonly TimeSpan LockSlack = TimeSpan.FromMinutes(5);

    private readonly ArtifactOptions _options;
    private readonly string? _root;
    private readonly IEngineEventSink _events;
    private readonly TimeProvider _timeProvider;
    private readonly ArtifactDownloader _downloader;
    private readonly ArtifactVerifier _verifier;
    private readonly CacheLocks _locks;
    private readonly CacheDirectory _directory;
    private readonly CacheQuarantine _quarantine;
    private readonly Lock _gate = new();
    private bool _prepared;

    /// <param name="directory">Absolute path; created when something is stored.</param>
    /// <param name="root">The root whose cache it is, for <see cref="CachedArtifact.Root"/>.</param>
    /// <param name="options">Limits and policy.</param>
    /// <param name="events">Takes progress, refusals and evictions.</param>
    /// <param name="timeProvider">The clock.</param>
    public LocalArtifactCache(string directory, string? root, ArtifactOptions options, IEngineEventSink events, TimeProvider timeProvider)
    {
        _options = options;
        _root = root;
        _events = events;
        _timeProvider = timeProvider;
        _downloader = new ArtifactDownloader(options, events, timeProvider);
        _verifier = new ArtifactVerifier(options, timeProvider);
        _locks = new CacheLocks(directory, options.DownloadTimeout + LockSlack, timeProvider);
        _directory = new CacheDirectory(directory, _locks, timeProvider);
        _quarantine = new CacheQuarantine(directory, options.MaxCacheSize, timeProvider);
    }

    /// <inheritdoc/>
    public Task<CachedArtifact?> GetAsync(string key, CancellationToken cancellationToken) => ExplainedAsync(async () =>
    {
        Prepare();
        using var held = await _locks.AcquireAsync(key, cancellationToken);
        if (_directory.Find(key) is not { } entry)
            return null;
        if (EntryPolicy.Lacks(entry, _options, _verifier.DemandedKeyId, stated: false) is { } lacking)
            throw StoredUnderLaxerPolicy(entry, lacking);
        return await IsIntactAsync(entry, cancellationToken) ? entry.ToArtifact(downloaded: false, _root) : null;
    });

    /// <summary>The entry of a request if it is still what is wanted, its content checked again; null where it must be fetched.</summary>
    /// <exception cref="DewyException">The disk's failure.</exception>
    public Task<CachedArtifact?> TryReuseAsync(ArtifactRequest request, CancellationToken cancellationToken) => ExplainedAsync(async () =>
    {
        Prepare();
        using var held = await _locks.AcquireAsync(request.Key, cancellationToken);
        return (await ReuseAsync(request, cancellationToken))?.ToArtifact(downloaded: false, _root);
    });

    /// <inheritdoc/>
    public Task<CachedArtifact> GetOrFetchAsync(ArtifactRequest request, CancellationToken cancellationToken) => ExplainedAsync(async () =>
    {
        Prepare();
        CachedArtifact artifact;
        using (await _locks.AcquireAsync(request.Key, cancellationToken))
        {
            artifact = await ReuseAsync(request, cancellationToken) is { } entry
                ? entry.ToArtifact(downloaded: false, _root)
                : (await FetchAsync(request, cancellationToken)).ToArtifact(downloaded: true, _root);
        }

        if (artifact.Downloaded)
        {
            _events.Publish(new ArtifactCached(artifact) { Time = _timeProvider.GetUtcNow() });
            Evict([.. request.ProtectedKeys, request.Key]);
        }

        return artifact;
    });

    /// <inheritdoc/>
    public IReadOnlyList<CachedArtifact> List() =>
        [.. _directory.Entries().OrderByDescending(entry => entry.Description.StoredAt).Select(entry => entry.ToArtifact(downloaded: false, _root))];

    /// <inheritdoc/>
    public void Evict(IReadOnlyCollection<string> protectedKeys)
    {
        try
        {
            EvictExcess(protectedKeys);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A cache that is too large stops no deployment.
            _events.Publish(new AttentionNeeded($"The cache in {_directory.Path} cannot be tidied: {exception.Message}", _directory.Path, "Check the permissions and the file system of the cache.")
            {
                Time = _timeProvider.GetUtcNow(),
            });
        }
    }

    private static DewyException StoredUnderLaxerPolicy(CacheEntry entry, ErrorCode lacking) =>
        new(lacking, lacking == ErrorCode.SignatureMismatch
            ? $"The cache entry {entry.Description.Key} was stored without a signature of the key that --verify-key demands."
            : $"The cache entry {entry.Description.Key} was stored without anything that vouches for it, and --verify-checksum is required.")
        {
            Phase = "fetch",
            Target = entry.Path,
            NextStep = "Fetch the release again under the present options.",
        };

    private static DewyException DiffersFromShared(ArtifactRequest request, Digest expected, Digest found) =>
        new(ErrorCode.ChecksumMismatch, $"{request.Asset.Name} from the shared cache is not what was put there: {expected} expected, {found} found.")
        {
            Phase = "fetch",
            Target = request.Key,
            NextStep = "Look who changed it in the bucket of --cache.",
        };

    private void EvictExcess(IReadOnlyCollection<string> protectedKeys)
    {
        var entries = _directory.Entries().OrderBy(entry => entry.Description.StoredAt).ToList();
        var excess = entries.Sum(entry => entry.Description.Size) - _options.MaxCacheSize;
        foreach (var entry in entries.Where(entry => !protectedKeys.Contains(entry.Description.Key, StringComparer.Ordinal)))
        {
            if (excess <= 0)
                return;
            using var held = _locks.TryAcquireSlot(CacheLocks.SlotOf(entry.Description.Key));
            if (held is null || _directory.Find(entry.Description.Key)?.Description.StoredAt != entry.Description.StoredAt)
                continue; // in use or replaced meanwhile; the next eviction will find it
            CacheDirectory.Remove(entry);
            excess -= entry.Description.Size;
            _events.Publish(new CacheEvicted(entry.Description.Key, entry.Description.Size) { Time = _timeProvider.GetUtcNow() });
        }
    }

    private void Prepare()
    {
        lock (_gate)
        {
            if (_prepared && Directory.Exists(_directory.Path))
                return;
            _directory.Prepare();
            _prepared = true;
        }
    }

    private async Task<CacheEntry?> ReuseAsync(ArtifactRequest request, CancellationToken cancellationToken)
    {
        if (_directory.Find(request.Key) is not { } entry)
            return null;
        var wanted = EntryPolicy.IsCurrent(entry, request)
            && EntryPolicy.Lacks(entry, _options, _verifier.DemandedKeyId, request.Asset.Digests.Count > 0) is null;
        return wanted && await IsIntactAsync(entry, cancellationToken) ? entry : null;
    }

    /// <summary>Checks the content again; what was damaged is set aside.</summary>
    private async Task<bool> IsIntactAsync(CacheEntry entry, CancellationToken cancellationToken)
    {
        if (!File.Exists(entry.Path))
            return false;
        var digests = await FileDigests.ComputeAsync(entry.Path, [], cancellationToken);
        if (digests.Sha256 == entry.Digest)
            return true;
        Refuse(entry.Path, Path.GetFileName(entry.Path), entry.Description.Key,
            $"The cache entry changed since it was stored: {entry.Digest} expected, {digests.Sha256} found.");
        File.Delete(entry.DescriptionPath);
        return false;
    }

    private async Task<CacheEntry> FetchAsync(ArtifactRequest request, CancellationToken cancellationToken)
    {
        var partial = _directory.PartialPathFor(request.Key);
        var plan = await _verifier.PrepareAsync(request, cancellationToken);
        try
        {
            var digests = await _downloader.DownloadAsync(
                new DownloadRequest { Key = request.Key, Source = request.Source, Asset = request.Asset, Path = partial, Algorithms = plan.Algorithms },
                cancellationToken);
            var verifiedBy = VerifyOrRefuse(plan, request, partial, digests);
            return _directory.Store(partial, digests.Sha256, new CacheDescription
            {
                Key = request.Key,
                Tag = request.Tag,
                Sha256 = digests.Sha256.Hex,
                Size = digests.Length,
                VerifiedBy = verifiedBy,
                SignedBy = plan.KeyId,
                Source = request.Source.DisplayName,
                SourceDigests = [.. request.Asset.Digests.Select(digest => digest.ToString())],
                SourceModifiedAt = request.Asset.ModifiedAt,
                StoredAt = _timeProvider.GetUtcNow(),
            });
        }
        finally
        {
            PartialFile.Delete(partial);
        }
    }

    private IReadOnlyList<string> VerifyOrRefuse(VerificationPlan plan, ArtifactRequest request, string partial, ContentDigests digests)
    {
        try
        {
            var verifiedBy = plan.Verify(request.Asset.Name, partial, digests);
            return request.SharedDigest is not { } shared || shared == digests.Sha256 ? verifiedBy : throw DiffersFromShared(request, shared, digests.Sha256);
        }
        catch (DewyException exception)
        {
            Refuse(partial, Path.GetFileName(_directory.PathFor(request.Key)), request.Key, $"{exception.Message} Fetched from {request.Source.DisplayName}.");
            throw;
        }
    }

    private void Refuse(string path, string name, string key, string reason)
    {
        var quarantined = _quarantine.SetAside(path, name, reason);
        _events.Publish(new ArtifactRefused(key, quarantined, reason) { Time = _timeProvider.GetUtcNow() });
    }

    /// <summary>Whatever the disk refuses along the way leaves as a failure a person can act on.</summary>
    private async Task<T> ExplainedAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskFailure.Explain(exception, _directory.Path, "fetch")
                ?? new DewyException(ErrorCode.Unexpected, $"The cache in {_directory.Path} cannot be used: {exception.Message}", exception)
                {
                    Phase = "fetch",
                    Target = _directory.Path,
                    NextStep = "Check the file system of the cache, or point --cache elsewhere.",
                };
        }
    }
}

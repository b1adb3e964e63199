using System.Text.Json;
using Dewy.Engine.Registries.Buckets;

namespace Dewy.Engine.Artifacts.Caching.Shared;

/// <summary>
/// A cache shared by a fleet: a local cache for staging, and a bucket in which the hosts look before they ask the registry.
/// One of them fetches an artifact, verifies it and uploads it; the others wait for that and take it from there, verified
/// like any download and held to the digest it was put there with. The bucket may fail at any time: then this host does what
/// it would do alone. Nothing is ever removed from the bucket, as no host knows what another needs: give it a lifecycle rule.
/// </summary>
internal sealed class SharedArtifactCache : IArtifactCache, IAsyncDisposable
{
    /// <summary>How long this host waits for another one's download before it fetches the artifact itself.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(5);

    private readonly LocalArtifactCache _local;
    private readonly SharedBucket _bucket;
    private readonly ArtifactOptions _options;
    private readonly IEngineEventSink _events;
    private readonly TimeProvider _timeProvider;
    private readonly PendingUploads _uploads;

    /// <param name="local">Where artifacts are on this host.</param>
    /// <param name="bucket">Where the fleet keeps them; disposed together with this.</param>
    /// <param name="options">Limits.</param>
    /// <param name="events">Learns of waits and trouble.</param>
    /// <param name="timeProvider">The clock.</param>
    public SharedArtifactCache(LocalArtifactCache local, SharedBucket bucket, ArtifactOptions options, IEngineEventSink events, TimeProvider timeProvider)
    {
        _local = local;
        _bucket = bucket;
        _options = options;
        _events = events;
        _timeProvider = timeProvider;
        _uploads = new PendingUploads(timeProvider);
    }

    /// <inheritdoc/>
    public Task<CachedArtifact?> GetAsync(string key, CancellationToken cancellationToken) => _local.GetAsync(key, cancellationToken);

    /// <inheritdoc/>
    public async Task<CachedArtifact> GetOrFetchAsync(ArtifactRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (await _local.TryReuseAsync(request, cancellationToken) is { } there)
            return there;
        try
        {
            return await FetchAsync(request, cancellationToken);
        }
        catch (BucketUnusableException)
        {
            return await _local.GetOrFetchAsync(request, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<CachedArtifact> List() => _local.List();

    /// <inheritdoc/>
    public void Evict(IReadOnlyCollection<string> protectedKeys) => _local.Evict(protectedKeys);

    /// <summary>Waits until all that was fetched so far is in the bucket, or is known not to get there.</summary>
    public Task UploadedAsync() => _uploads.CompletedAsync();

    public async ValueTask DisposeAsync()
    {
        await _uploads.DisposeAsync();
        await _bucket.DisposeAsync();
    }

    private async Task<CachedArtifact> FetchAsync(ArtifactRequest request, CancellationToken cancellationToken)
    {
        var names = SharedEntryNames.Of(request.Key);
        var lease = new BucketLease(_bucket, names.Lease, _timeProvider);
        var shared = new SharedAttempt();
        var begun = _timeProvider.GetTimestamp();
        for (var look = FirstLook; ; look = look * 2 < LongestLook ? look * 2 : LongestLook)
        {
            if (await TryTakeAsync(request, names, shared, cancellationToken) is { } taken)
                return taken;
            if (await lease.TryAcquireAsync(cancellationToken) is { } held)
                return await FetchForAllAsync(request, names, shared, held, cancellationToken);
            if (_timeProvider.GetElapsedTime(begun) >= LongestWait)
                return await _local.GetOrFetchAsync(request, cancellationToken);
            if (look == FirstLook)
                _events.Publish(new ArtifactAwaited(request.Key, lease.Holder) { Time = _timeProvider.GetUtcNow() });
            await Task.Delay(look * (0.75 + (Random.Shared.NextDouble() / 2)), _timeProvider, cancellationToken);
        }
    }

    /// <summary>The artifact from the bucket; null where it is not there, not what is wanted now, or of no use.</summary>
    private async Task<CachedArtifact?> TryTakeAsync(ArtifactRequest request, SharedEntryNames names, SharedAttempt attempt, CancellationToken cancellationToken)
    {
        var read = await _bucket.ReadAsync(names.Description, knownValidator: null, cancellationToken);
        if (read is null || string.Equals(read.Validator, attempt.Refused, StringComparison.Ordinal) || Parse(read) is not { } entry || !EntryPolicy.IsCurrent(entry, request))
            return null;
        try
        {
            var source = new SharedContentSource(request.Source, _bucket, request.Asset, names);
            return await _local.GetOrFetchAsync(request with { Source = source, SharedDigest = entry.Digest }, cancellationToken);
        }
        catch (DewyException exception) when (exception.Code is not (ErrorCode.DiskFull or ErrorCode.RootReadOnly or ErrorCode.Timeout))
        {
            attempt.Refused = read.Validator;
            _bucket.Warn($"{request.Key} cannot be taken from {_bucket.DisplayName}, and is fetched from the registry: {exception.Message}", exception.NextStep ?? "Look at the object in the bucket.");
            return null;
        }
    }

    /// <summary>Fetches from the registry while others wait, then lets them have it; the lease goes with the upload.</summary>
    private async Task<CachedArtifact> FetchForAllAsync(ArtifactRequest request, SharedEntryNames names, SharedAttempt attempt, BucketLeaseHold held, CancellationToken cancellationToken)
    {
        SharedUpload? upload = null;
        try
        {
            // Between the look and the lease another host may have finished.
            if (await TryTakeAsync(request, names, attempt, cancellationToken) is { } taken)
                return taken;
            var recorder = new SmallFileRecorder(request.Source, request.Asset);
            var artifact = await _local.GetOrFetchAsync(request with { Source = recorder }, cancellationToken);
            upload = Open(artifact, recorder, attempt);
            return artifact;
        }
        finally
        {
            if (upload is { } ready)
                _uploads.Start(token => RunAsync(ready, held, token));
            else
                await held.DisposeAsync();
        }
    }

    private SharedUpload? Open(CachedArtifact artifact, SmallFileRecorder recorder, SharedAttempt attempt)
    {
        try
        {
            return new SharedUpload(_bucket, artifact, recorder.Files, isRepair: attempt.Refused is not null, _options.DownloadTimeout);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            WarnNotShared(artifact.Key, exception);
            return null;
        }
    }

    private async Task RunAsync(SharedUpload upload, BucketLeaseHold held, CancellationToken cancellationToken)
    {
        // The root of this task: whatever goes wrong, others fetch for themselves.
        try
        {
            using (upload)
                await upload.RunAsync(cancellationToken);
        }
        catch (BucketUnusableException)
        {
            // Told already.
        }
        catch (OperationCanceledException)
        {
            // The agent ends.
        }
        catch (Exception exception)
        {
            WarnNotShared(upload.Key, exception);
        }
        finally
        {
            await held.DisposeAsync();
        }
    }

    private void WarnNotShared(string key, Exception exception) =>
        _bucket.Warn($"{key} could not be put into {_bucket.DisplayName}: {exception.Message}", "Look at the bucket of --cache; other hosts fetch the artifact for themselves.");

    private static CacheEntry? Parse(BucketContent read)
    {
        try
        {
            var description = read.Bytes is { } bytes ? JsonSerializer.Deserialize(bytes, CacheJson.Default.CacheDescription) : null;
            return description is not null && Digest.TryCreate("sha256", description.Sha256, out var digest) ? new CacheEntry("", digest, description) : null;
        }
        catch (JsonException)
        {
            return null; // as good as none, and replaced by the next upload
        }
    }
}

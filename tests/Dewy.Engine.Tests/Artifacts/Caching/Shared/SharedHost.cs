using Dewy.Engine.Artifacts;
using Dewy.Engine.Artifacts.Caching;
using Dewy.Engine.Artifacts.Caching.Shared;
using Dewy.Engine.Registries.Buckets;
using Dewy.Tests;

namespace Dewy.Engine.Tests.Artifacts.Caching.Shared;

/// <summary>A host of a fleet: its own directory, and the bucket of all.</summary>
internal sealed class SharedHost : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public SharedHost(IBucketStore store, string name, TimeProvider timeProvider, ArtifactOptions? options = null)
    {
        options ??= new ArtifactOptions();
        Bucket = new SharedBucket("mem://bucket", "fleet/", store, name, Events, timeProvider);
        Cache = new SharedArtifactCache(new LocalArtifactCache(_directory.Combine("cache"), null, options, Events, timeProvider), Bucket, options, Events, timeProvider);
    }

    public RecordingEventSink Events { get; } = new();

    public SharedBucket Bucket { get; }

    public SharedArtifactCache Cache { get; }

    public async ValueTask DisposeAsync()
    {
        await Cache.DisposeAsync();
        _directory.Dispose();
    }
}

using Dewy.Engine.Artifacts.Caching;
using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Answers;
using Dewy.Engine.Registries.Buckets;
using Dewy.Engine.Releases;
using Dewy.Engine.Tests.Artifacts.Caching.Shared;
using Dewy.Tests;

namespace Dewy.Engine.Tests.Registries.Answers;

/// <summary>One agent of a fleet, as far as registry and cache go: looks for the newest release and has its artifact on disk.</summary>
internal sealed class FleetHost : IAsyncDisposable
{
    private readonly SharedHost _host;
    private readonly IReleaseSource _source;
    private readonly ReleaseFinder _finder;

    public FleetHost(IReleaseSource registry, IBucketStore store, string name, TimeSpan window, TimeProvider timeProvider)
    {
        _host = new SharedHost(store, name, timeProvider);
        _source = new CachedReleaseSource(registry, _host.Bucket, new RegistryQuestion("fleet://registry?"), window, new ReleaseCriteria(), _host.Events, timeProvider);
        _finder = new ReleaseFinder(_source, new ReleaseCriteria(), HostPlatform.Parse("linux/amd64"), timeProvider, "app");
    }

    public RecordingEventSink Events => _host.Events;

    public SharedBucket Bucket => _host.Bucket;

    /// <summary>Tag of what is on disk.</summary>
    public string? Tag { get; private set; }

    /// <summary>When it looks next.</summary>
    public DateTimeOffset Next { get; set; }

    public async Task PollAsync(CancellationToken cancellationToken)
    {
        var finding = await _finder.FindNewestAsync(cancellationToken);
        if (finding.Release.Tag == Tag)
            return;
        var asset = finding.Asset ?? throw finding.ToException();
        var artifact = await _host.Cache.GetOrFetchAsync(
            new ArtifactRequest { Tag = finding.Release.Tag, Asset = asset, Files = finding.Assets, Source = _source }, cancellationToken);
        if (await File.ReadAllTextAsync(artifact.Path, cancellationToken) != $"content of {finding.Release.Tag}")
            throw new InvalidOperationException("That is not the artifact.");
        Tag = finding.Release.Tag;
    }

    public Task UploadedAsync() => _host.Cache.UploadedAsync();

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _host.DisposeAsync();
    }
}

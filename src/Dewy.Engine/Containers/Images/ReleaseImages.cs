namespace Dewy.Engine.Containers.Images;

/// <summary>The images of releases, as a deployment needs them.</summary>
internal sealed class ReleaseImages(ImageStore store, int keep, IEngineEventSink events, TimeProvider time) : IImageStore
{
    /// <inheritdoc/>
    public async Task PullAsync(Release release, CancellationToken cancellationToken)
    {
        var artifact = release.Artifact ?? throw new InvalidOperationException("A release that is pulled has an image.");
        await store.PullAsync(artifact, release.Tag, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task PruneAsync(IReadOnlyList<LiveRelease> needed, CancellationToken cancellationToken)
    {
        var removed = await store.PruneAsync(needed.Select(release => release.Digest).OfType<Digest>().ToHashSet(), Math.Max(keep - needed.Count, 0), cancellationToken);
        if (removed > 0)
            events.Publish(new ImagesPruned(keep, removed) { Time = time.GetUtcNow() });
    }
}

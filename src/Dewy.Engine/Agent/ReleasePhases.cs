using Dewy.Engine.Artifacts.Caching;
using Dewy.Engine.Artifacts.Extraction;
using Dewy.Engine.Composition;
using Dewy.Engine.Deployment;
using Dewy.Engine.Registries;

namespace Dewy.Engine.Agent;

/// <summary>Fetching and extracting a release: the phases that deployments and the cmdlets of the same names share.</summary>
internal sealed class ReleasePhases(
    ApplicationOptions options,
    DeploymentRoot root,
    IArtifactCache cache,
    ArchiveExtractor extractor,
    IEngineEventSink events)
{
    /// <summary>Brings a release's artifact into the cache, verified.</summary>
    public Task<CachedArtifact> FetchAsync(IReleaseSource source, ReleaseFinding finding, CancellationToken cancellationToken)
    {
        var state = root.State.Read();
        return cache.GetOrFetchAsync(
            new ArtifactRequest
            {
                Tag = finding.Release.Tag,
                Asset = finding.Asset ?? throw finding.ToException(),
                Files = finding.Assets,
                Source = source,
                ProtectedKeys = [.. new[] { state.Current?.Key, state.Previous?.Key }.OfType<string>()],
            },
            cancellationToken);
    }

    /// <summary>Extracts a cached artifact beside its final place, links what is shared, and gives it its name in one rename.</summary>
    /// <param name="artifact">The cache entry.</param>
    /// <param name="deploymentId">The deployment it is for.</param>
    /// <param name="onStaged">Told of the place before anything is written to it.</param>
    /// <param name="cancellationToken">Ends the extraction; nothing is left.</param>
    public async Task<ExpandedRelease> ExpandAsync(CachedArtifact artifact, string deploymentId, Func<StagedRelease, Task> onStaged, CancellationToken cancellationToken)
    {
        var shared = new SharedLinks(root.Layout, options.Deployment.Shared);
        var staged = root.Releases.Begin(artifact.Tag, artifact.Key, artifact.Digest, deploymentId);
        try
        {
            await onStaged(staged);
            events.Publish(new ExtractionStarted(artifact.Key, staged.Path));
            var name = artifact.Key[(artifact.Tag.Length + 2)..]; // <tag>--<file name>
            await extractor.ExtractAsync(
                new ExtractionRequest { ArchivePath = artifact.Path, ArtifactName = name, DestinationDirectory = staged.PartialPath, ReleaseDirectory = staged.Path, ExpectedDigest = artifact.Digest },
                cancellationToken);
            shared.Apply(staged.PartialPath, cancellationToken);
            var kept = await root.Releases.FinishAsync(staged, cancellationToken);
            return new ExpandedRelease
            {
                Tag = artifact.Tag,
                Key = artifact.Key,
                Digest = artifact.Digest,
                Path = kept.Path,
                Root = root.Layout.Root,
            };
        }
        catch
        {
            await root.Releases.DiscardAsync(staged, CancellationToken.None);
            throw;
        }
    }
}

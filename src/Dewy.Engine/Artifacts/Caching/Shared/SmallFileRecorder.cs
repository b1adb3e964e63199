using System.Collections.Concurrent;
using Dewy.Engine.Registries;
using Dewy.Engine.Releases;

namespace Dewy.Engine.Artifacts.Caching.Shared;

/// <summary>
/// A registry that is watched while an artifact is fetched: the small files that vouch for it are kept, to be shared with it.
/// </summary>
internal sealed class SmallFileRecorder(IReleaseSource source, ReleaseAsset artifact) : IReleaseSource
{
    /// <summary>Larger files vouch for nothing.</summary>
    private const int Largest = 1 << 20;

    private readonly ConcurrentDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    /// <summary>Contents read so far, by name.</summary>
    public IReadOnlyDictionary<string, byte[]> Files => _files;

    public string DisplayName => source.DisplayName;

    public bool SlotMayFollowUnderscore => source.SlotMayFollowUnderscore;

    public Task<ReleaseListing> ListAsync(CancellationToken cancellationToken) => source.ListAsync(cancellationToken);

    public Task<IReadOnlyList<ReleaseAsset>> ListAssetsAsync(ReleaseCandidate release, CancellationToken cancellationToken) => source.ListAssetsAsync(release, cancellationToken);

    public async Task<ArtifactContent> OpenAsync(ReleaseAsset asset, long offset, string? validator, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asset);
        var content = await source.OpenAsync(asset, offset, validator, cancellationToken);
        if (asset.Location == artifact.Location || content.TotalLength is not <= Largest || content.Offset > 0)
            return content;
        await using (content)
        {
            using var bytes = new MemoryStream();
            await content.Stream.CopyToAsync(bytes, cancellationToken);
            _files[asset.Name] = bytes.ToArray();
            return new ArtifactContent { Stream = new MemoryStream(_files[asset.Name], writable: false), TotalLength = content.TotalLength, Validator = content.Validator };
        }
    }

    public Task ReportAsync(ShippingReport report, CancellationToken cancellationToken) => source.ReportAsync(report, cancellationToken);

    /// <summary>The registry is its owner's to dispose.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Buckets;
using Dewy.Engine.Releases;

namespace Dewy.Engine.Artifacts.Caching.Shared;

/// <summary>
/// A registry whose artifact comes from a shared bucket. What vouches for it still comes from the registry; only while that
/// is down are the copies taken that were shared with the artifact. Signatures are verified against this host's own key
/// wherever they come from.
/// </summary>
internal sealed class SharedContentSource(IReleaseSource registry, SharedBucket bucket, ReleaseAsset artifact, SharedEntryNames names) : IReleaseSource
{
    public string DisplayName => registry.DisplayName;

    public bool SlotMayFollowUnderscore => registry.SlotMayFollowUnderscore;

    public Task<ReleaseListing> ListAsync(CancellationToken cancellationToken) => registry.ListAsync(cancellationToken);

    public Task<IReadOnlyList<ReleaseAsset>> ListAssetsAsync(ReleaseCandidate release, CancellationToken cancellationToken) => registry.ListAssetsAsync(release, cancellationToken);

    public async Task<ArtifactContent> OpenAsync(ReleaseAsset asset, long offset, string? validator, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asset);
        if (asset.Location == artifact.Location)
            return await bucket.OpenAsync(names.Content, offset, validator, cancellationToken);
        try
        {
            return await registry.OpenAsync(asset, offset, validator, cancellationToken);
        }
        catch (DewyException exception) when (exception.Code is ErrorCode.RegistryUnavailable or ErrorCode.RegistryTimeout or ErrorCode.RegistryRateLimited)
        {
            if (await ReadCopyAsync(asset, cancellationToken) is { } copy)
                return new ArtifactContent { Stream = new MemoryStream(copy, writable: false), TotalLength = copy.Length };
            throw;
        }
    }

    public Task ReportAsync(ShippingReport report, CancellationToken cancellationToken) => registry.ReportAsync(report, cancellationToken);

    /// <summary>Registry and bucket are their owners' to dispose.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<byte[]?> ReadCopyAsync(ReleaseAsset asset, CancellationToken cancellationToken)
    {
        try
        {
            return (await bucket.ReadAsync(names.File(asset.Name), knownValidator: null, cancellationToken))?.Bytes;
        }
        catch (BucketUnusableException)
        {
            return null;
        }
    }
}

using Dewy.Engine.Releases;

namespace Dewy.Engine.Registries;

/// <summary>
/// One registry: says what there is and opens files. Choosing, grace period, caching, verification and retries are not
/// its business; they are the same for all. An instance lives as long as its agent and keeps its own validators (ETags)
/// and clients. Failures are <see cref="DewyException"/>s with a registry error code.
/// </summary>
public interface IReleaseSource : IAsyncDisposable
{
    /// <summary>The registry's URL without secrets, for people.</summary>
    string DisplayName { get; }

    /// <summary>
    /// Whether the part of a tag after its last <c>_</c> counts as slot when one is asked for. For registries whose tags
    /// cannot hold <c>+</c>.
    /// </summary>
    bool SlotMayFollowUnderscore => false;

    /// <summary>Where the credentials come from that the registry was shown, never their value; null where it is shown none of its own. Known once it was asked.</summary>
    string? Credentials => null;

    /// <summary>Lists releases with one conditional request where the registry allows that.</summary>
    Task<ReleaseListing> ListAsync(CancellationToken cancellationToken);

    /// <summary>The files of one release. Asked only for the release that was chosen.</summary>
    Task<IReadOnlyList<ReleaseAsset>> ListAssetsAsync(ReleaseCandidate release, CancellationToken cancellationToken);

    /// <summary>
    /// Whether <see cref="DescribeAsync"/> costs so little that it may be asked about every release there is, for a list of all.
    /// </summary>
    bool DescribesCheaply => false;

    /// <summary>A release with its files and its age, where the listing did not tell them: that of the newest file unless the registry knows better.</summary>
    async Task<ReleaseCandidate> DescribeAsync(ReleaseCandidate release, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(release);
        var assets = release.Assets ?? await ListAssetsAsync(release, cancellationToken);
        return release with { Assets = assets, CreatedAt = release.CreatedAt ?? assets.Max(asset => asset.ModifiedAt) };
    }

    /// <summary>Opens a file's content.</summary>
    /// <param name="asset">A file of <see cref="ListAssetsAsync"/>.</param>
    /// <param name="offset">First byte wanted; the source may answer from 0 instead and say so.</param>
    /// <param name="validator">What <see cref="ArtifactContent.Validator"/> was when the first bytes were read; with an offset, content that changed since is an error or starts at 0.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task<ArtifactContent> OpenAsync(ReleaseAsset asset, long offset, string? validator, CancellationToken cancellationToken);

    /// <summary>Tells the registry that a release was shipped; does nothing where registries of this kind take no reports.</summary>
    Task ReportAsync(ShippingReport report, CancellationToken cancellationToken);
}

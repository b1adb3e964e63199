using Dewy.Engine.Releases;

namespace Dewy.Engine.Registries;

/// <summary>
/// Opens files that another registry names by URL: one for web addresses, one for each scheme whose registry can find a
/// single file (<see cref="RegistryScheme.Artifact"/>). Lives as long as the source that uses it. One caller at a time.
/// </summary>
internal interface IArtifactOpener : IAsyncDisposable
{
    /// <summary>The file of a URL, marked as chosen, and what lies beside it.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.RegistryMalformed"/>: the URL can name no file; or what the place failed with.</exception>
    Task<ArtifactListing> ListAsync(ArtifactUrl url, CancellationToken cancellationToken);

    /// <summary>Opens one of the files, as <see cref="IReleaseSource.OpenAsync"/> does.</summary>
    /// <param name="url">The URL the registry named last for the listing's file: signatures in it change.</param>
    /// <param name="asset">A file of the listing.</param>
    /// <param name="offset">First byte wanted.</param>
    /// <param name="validator">What the first bytes came with.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task<ArtifactContent> OpenAsync(ArtifactUrl url, ReleaseAsset asset, long offset, string? validator, CancellationToken cancellationToken);
}

using Dewy.Engine.Releases;

namespace Dewy.Engine.Registries.Http;

/// <summary>
/// Opens files that a registry names by web address. No credentials go there but those in the address itself: a signature
/// in its query is used and never shown.
/// </summary>
internal sealed class HttpArtifactOpener : IArtifactOpener
{
    private readonly HttpArtifactReader _reader;
    private readonly HttpSiblings _siblings;
    private readonly string _registry;

    /// <param name="registry">The registry that names the files, for messages.</param>
    /// <param name="createHandler">Makes connections, which this owns then.</param>
    /// <param name="services">Clock and redactor.</param>
    public HttpArtifactOpener(string registry, Func<HttpMessageHandler> createHandler, RegistryServices services)
    {
        ArgumentNullException.ThrowIfNull(createHandler);
        _registry = registry;
        _reader = new HttpArtifactReader(createHandler(), services);
        _siblings = new HttpSiblings(createHandler(), services);
    }

    public async Task<ArtifactListing> ListAsync(ArtifactUrl url, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        var web = url.Web ?? throw new ArgumentException("This is no web address.", nameof(url));
        var chosen = new ReleaseAsset { Name = url.Name, Location = new Uri(url.Identity), ChosenByRegistry = true };

        // A signature is for one file: those beside it are not to be had.
        if (web.Query.Length > 0)
            return new ArtifactListing([chosen], IsFinal: true);
        var (found, certain) = await _siblings.FindAsync(chosen, cancellationToken);
        return new ArtifactListing([chosen, .. found], certain);
    }

    public Task<ArtifactContent> OpenAsync(ArtifactUrl url, ReleaseAsset asset, long offset, string? validator, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(asset);
        return _reader.OpenAsync(
            new HttpArtifactRequest
            {
                Location = url.Web is { } web && url.Identity == asset.Location.AbsoluteUri ? web : asset.Location,
                Name = asset.Name,
                ExpectedLength = asset.Size,
                Offset = offset,
                Validator = validator,
                Text = new HttpCallText
                {
                    Subject = $"{asset.Name}, named by {_registry},",
                    Target = UrlText.Of(asset.Location),
                    Phase = "fetch",
                    NotFoundCode = ErrorCode.ArtifactNotFound,
                    NotFoundStep = "Have the registry name a file that is there; the agent looks again by itself.",
                    UnauthorizedStep = "Dewy sends no credentials to web addresses that a registry names: have it name a signed URL, or one such as ghr:// or s3:// for which this host has credentials.",
                },
            },
            cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _siblings.Dispose();
        return ValueTask.CompletedTask;
    }
}

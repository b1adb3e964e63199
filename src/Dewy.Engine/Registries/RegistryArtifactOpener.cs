using Dewy.Engine.Releases;

namespace Dewy.Engine.Registries;

/// <summary>Opens files that lie in another registry, with that registry's own source and this host's credentials for it.</summary>
/// <param name="scheme">The kind of registry, which has a form for single files.</param>
/// <param name="services">What its source needs.</param>
/// <param name="refuse">Makes the failure from a clause about the URL.</param>
internal sealed class RegistryArtifactOpener(RegistryScheme scheme, RegistryServices services, Func<string, DewyException> refuse) : IArtifactOpener
{
    private IReleaseSource? _source;
    private string? _registry;

    public async Task<ArtifactListing> ListAsync(ArtifactUrl url, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        var place = Locate(url);
        var source = await UseAsync(place.Registry);
        var found = await FindAsync(source, place.Tag, cancellationToken);
        var chosen = place.Name is { } name ? found.FirstOrDefault(asset => asset.Name == name) : found is [var only, ..] ? only : null;
        if (chosen is null)
            return new ArtifactListing([Missing(place, url)], IsFinal: false);
        var isFinal = chosen.Complete && chosen.Image is null; // an image's tag may move on
        return new ArtifactListing([chosen with { ChosenByRegistry = true }, .. found.Where(asset => asset != chosen)], isFinal);
    }

    public Task<ArtifactContent> OpenAsync(ArtifactUrl url, ReleaseAsset asset, long offset, string? validator, CancellationToken cancellationToken) =>
        (_source ?? throw new InvalidOperationException("A file is opened before it was listed.")).OpenAsync(asset, offset, validator, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_source is { } source)
            await source.DisposeAsync();
        _source = null;
    }

    private static async Task<IReadOnlyList<ReleaseAsset>> FindAsync(IReleaseSource source, string tag, CancellationToken cancellationToken)
    {
        try
        {
            return await source.ListAssetsAsync(new ReleaseCandidate { Tag = tag }, cancellationToken);
        }
        catch (DewyException exception) when (exception.Code is ErrorCode.ReleaseNotFound or ErrorCode.ArtifactNotFound)
        {
            return []; // announced before it was published
        }
    }

    private static ReleaseAsset Missing(ArtifactPlace place, ArtifactUrl url) => new()
    {
        Name = place.Name ?? place.Tag,
        Location = new Uri("about:blank"),
        ChosenByRegistry = true,
        UselessBecause = $"{place.Tag} is to be had from {url.DisplayName}, which is not there (yet).",
    };

    private ArtifactPlace Locate(ArtifactUrl url)
    {
        var form = scheme.Artifact ?? throw new InvalidOperationException($"{scheme.Name} has no form for single files.");
        var place = url.Address is { } address ? form.Locate(address) : null;
        if (place is null)
            throw refuse($"that is not of the form {form.Text} ({url.DisplayName})");
        try
        {
            return place with { Registry = scheme.Complete(place.Registry, Path.DirectorySeparatorChar.ToString()) };
        }
        catch (DewyException exception) when (exception.Code is ErrorCode.InvalidOption)
        {
            throw refuse($"that is none: {exception.Message.TrimEnd('.')}");
        }
    }

    private async Task<IReleaseSource> UseAsync(RegistryAddress registry)
    {
        if (_source is { } same && _registry == registry.DisplayName)
            return same;
        await DisposeAsync();
        _registry = registry.DisplayName;
        return _source = scheme.Create(registry, services);
    }
}

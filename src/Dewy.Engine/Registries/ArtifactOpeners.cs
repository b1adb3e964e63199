namespace Dewy.Engine.Registries;

/// <summary>
/// Finds who opens the files that a registry names by URL. The host's own files are never among them, nor is another
/// registry that names files itself. One caller at a time.
/// </summary>
internal sealed class ArtifactOpeners : IAsyncDisposable
{
    private readonly RegistryCatalog _catalog;
    private readonly RegistryServices _services;
    private readonly Func<string, DewyException> _refuse;
    private readonly Func<IArtifactOpener> _createWeb;
    private readonly Dictionary<string, IArtifactOpener> _openers = new(StringComparer.Ordinal);

    /// <param name="catalog">The kinds of registries there are.</param>
    /// <param name="services">What they need.</param>
    /// <param name="refuse">Makes the failure of a URL nobody opens, from a clause about it.</param>
    /// <param name="createWeb">Makes the opener of web addresses.</param>
    public ArtifactOpeners(RegistryCatalog catalog, RegistryServices services, Func<string, DewyException> refuse, Func<IArtifactOpener> createWeb)
    {
        _catalog = catalog;
        _services = services;
        _refuse = refuse;
        _createWeb = createWeb;
    }

    /// <summary>Forms of the URLs that can be opened, for messages.</summary>
    public IEnumerable<string> Forms => ["https://…", .. _catalog.Schemes.Select(scheme => scheme.Artifact?.Text).OfType<string>()];

    /// <summary>The opener for a URL.</summary>
    public IArtifactOpener Find(ArtifactUrl url)
    {
        ArgumentNullException.ThrowIfNull(url);
        var key = url.Web is null ? url.Scheme : Uri.UriSchemeHttps;
        if (_openers.TryGetValue(key, out var known))
            return known;
        return _openers[key] = url.Web is null ? Create(url) : _createWeb();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var opener in _openers.Values)
            await opener.DisposeAsync();
        _openers.Clear();
    }

    private RegistryArtifactOpener Create(ArtifactUrl url)
    {
        if (url.Scheme == Uri.UriSchemeFile)
            throw _refuse($"of this host's own disk ({url.DisplayName}), which a registry has no business with");
        var scheme = _catalog.Schemes.FirstOrDefault(scheme => scheme.Name == url.Scheme);
        return scheme?.Artifact is null
            ? throw _refuse($"of the scheme '{url.Scheme}' ({url.DisplayName}), which cannot be opened; there is {string.Join(", ", Forms)}")
            : new RegistryArtifactOpener(scheme, _services, _refuse);
    }
}

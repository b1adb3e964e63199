using System.Net.Http.Headers;
using System.Text;
using Dewy.Engine.Registries.Folder;
using Dewy.Engine.Registries.Http;
using Dewy.Engine.Releases;

namespace Dewy.Engine.Registries.GitHub;

/// <summary>GitHub Releases as registry, of github.com or GitHub Enterprise.</summary>
internal sealed class GitHubReleaseSource : IReleaseSource
{
    private readonly Uri _api;
    private readonly GitHubCredentials _credentials;
    private readonly RateLimitGate _gate;
    private readonly GitHubApi _client;
    private readonly GitHubReleaseList _list;
    private readonly HttpArtifactReader _reader;
    private readonly GitHubFailureText _texts;
    private IReadOnlyList<ReleaseCandidate>? _candidates;

    public GitHubReleaseSource(RegistryAddress address, RegistryServices services)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(services);
        DisplayName = address.DisplayName;
        _api = GitHubEndpoint.Read(services);
        _credentials = GitHubCredentials.Read(services, _api);
        _texts = new GitHubFailureText(DisplayName, _credentials);
        _gate = new RateLimitGate(services.TimeProvider);
        _client = new GitHubApi(_api, address.Authority, address.Path, _credentials, _gate, _texts.Check, services);
        _list = new GitHubReleaseList(_client, services.TimeProvider);
        _reader = new HttpArtifactReader(services.CreateHandler(), services);
    }

    public static RegistryScheme Scheme { get; } = new()
    {
        Name = "ghr",
        Form = GitHubAddress.Form,
        Parameters = [RegistryCriteria.Artifact, RegistryCriteria.PreRelease, RegistryCriteria.CalVer, RegistryCriteria.Constraint],
        Artifact = ArtifactForm.GitHub,
        Credentials = CredentialForms.Token,
        Complete = (address, _) => GitHubAddress.Complete(address),
        Create = (address, services) => new GitHubReleaseSource(address, services),
    };

    public string DisplayName { get; }

    public string Credentials => _credentials.Name;

    public async Task<ReleaseListing> ListAsync(CancellationToken cancellationToken)
    {
        var changed = await _list.RefreshAsync(cancellationToken);
        if (changed || _candidates is null)
            _candidates = [.. _list.Releases.Where(IsListed).Select(ToCandidate)];
        return new ReleaseListing(_candidates, NotModified: !changed);
    }

    public async Task<IReadOnlyList<ReleaseAsset>> ListAssetsAsync(ReleaseCandidate release, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(release);
        return release.Assets ?? ToAssets(await _client.GetReleaseAsync(release.Tag, cancellationToken));
    }

    public async Task<ArtifactContent> OpenAsync(ReleaseAsset asset, long offset, string? validator, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asset);
        _gate.ThrowIfClosed();
        try
        {
            return await _reader.OpenAsync(
                new HttpArtifactRequest
                {
                    Location = asset.Location,
                    Name = asset.Name,
                    Text = _texts.Fetch(asset),
                    ExpectedLength = asset.Size,
                    Offset = offset,
                    Validator = validator,
                    PrepareAsync = AuthorizeAsync,
                },
                cancellationToken);
        }
        catch (DewyException failure)
        {
            _gate.Note(failure);
            if (failure.Code is ErrorCode.RegistryUnauthorized)
                _credentials.Refused();
            throw;
        }
    }

    /// <summary>Adds the report to the release as a file. Without credentials nothing is reported: GitHub takes no files from strangers.</summary>
    public async Task ReportAsync(ShippingReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (_credentials.IsAnonymous)
            return;
        try
        {
            var release = _list.Releases.FirstOrDefault(release => release.Id.ToString() == report.Release.Id)
                ?? await _client.GetReleaseAsync(report.Release.Tag, cancellationToken);

            // GitHub refuses empty files, so this one says what its name says.
            var content = Encoding.UTF8.GetBytes(Path.GetFileNameWithoutExtension(report.FileName).Replace('_', ' ') + "\n");
            await _client.UploadAsync(UploadUrl(release, report.FileName), content, "text/plain", cancellationToken);
        }
        catch (DewyException failure) when (failure.Message.Contains("already_exists", StringComparison.Ordinal))
        {
            // An earlier try did arrive; only its answer was lost.
        }
        catch (DewyException failure) when (failure.Code is not ErrorCode.ReportFailed)
        {
            throw _texts.ReportFailed(report, failure);
        }
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _reader.Dispose();
        _credentials.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/octet-stream"));
        request.Headers.TryAddWithoutValidation("X-GitHub-Api-Version", "2022-11-28");
        if (request.RequestUri is { } url && UrlText.IsSameOrigin(url, _api))
            request.Headers.Authorization = await _credentials.GetAsync(cancellationToken);
    }

    private Uri UploadUrl(GitHubRelease release, string name)
    {
        var text = release.UploadUrl ?? "";
        var template = text.IndexOf('{', StringComparison.Ordinal);
        if (!Uri.TryCreate(template < 0 ? text : text[..template], UriKind.Absolute, out var url) || !GitHubEndpoint.MayUploadTo(_api, url))
            throw _texts.UntrustedUpload(url);
        return new UriBuilder(url) { Query = $"name={Uri.EscapeDataString(name)}" }.Uri;
    }

    private static bool IsListed(GitHubRelease release) =>
        !release.Draft && release.TagName.Length > 0 && !release.TagName.Any(char.IsControl);

    private ReleaseCandidate ToCandidate(GitHubRelease release) => new()
    {
        Tag = release.TagName,
        Id = release.Id.ToString(),
        CreatedAt = release.PublishedAt ?? release.CreatedAt,
        MarkedPreRelease = release.Prerelease,
        Assets = ToAssets(release),
    };

    private IReadOnlyList<ReleaseAsset> ToAssets(GitHubRelease release) =>
        [.. (release.Assets ?? []).Where(asset => FolderNames.IsAsset(asset.Name)).Select(ToAsset)];

    private ReleaseAsset ToAsset(GitHubAsset asset) => new()
    {
        Name = asset.Name,
        Location = _client.AssetUrl(asset),
        Size = asset.Size,
        Digests = Digest.TryParse(asset.Digest, out var digest) ? [digest] : [],
        ModifiedAt = asset.UpdatedAt,
        Complete = asset.State is null or GitHubAsset.Uploaded,
    };
}

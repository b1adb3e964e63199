using Dewy.Engine.Registries.Grpc.Wire;
using Dewy.Engine.Registries.Http;
using Dewy.Engine.Releases;

namespace Dewy.Engine.Registries.Grpc;

/// <summary>
/// A gRPC service as registry (compat): it is told the host's platform and names one release and the URL of its file. A
/// poll is one call; where the file lies is looked at only when the answer changed. One caller at a time.
/// </summary>
/// <remarks>
/// The status NOT_FOUND means that there is no release for this host, which is "no matching version". An answer without URL
/// is a release whose file is not there yet: forgiven for the grace period, if the service tells when it was made.
/// </remarks>
internal sealed class GrpcReleaseSource : IReleaseSource
{
    private readonly RegistryClient _client;
    private readonly RegistryServices _services;
    private readonly ArtifactOpeners _openers;
    private readonly GrpcAddress _service;
    private readonly string? _artifact;
    private CurrentAnswer? _answer;
    private (CurrentAnswer Answer, ArtifactListing Listing)? _listed;

    public GrpcReleaseSource(RegistryAddress address, RegistryServices services, RegistryCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(services);
        DisplayName = address.DisplayName;
        _services = services;
        _service = GrpcAddress.From(address);
        _artifact = address.Parameters.GetValueOrDefault(RegistryCriteria.Artifact);

        // One guard for both kinds of connections: where the service is says how far inside it may send us.
        var guard = new InwardGuard(_service.Endpoint, Refuse) { AllowsPrivate = true };
        _client = new RegistryClient(_service, CheckText(), guard, services);
        _openers = new ArtifactOpeners(
            catalog,
            services,
            why => Refuse($"it names a URL {why}"),
            () => new HttpArtifactOpener(DisplayName, () => guard.Attach(services.CreateHandler()), services));
    }

    public static RegistryScheme Scheme { get; } = new()
    {
        Name = "grpc",
        Form = GrpcAddress.Form,
        AnswersAreShareable = false,
        Parameters = [GrpcAddress.NoTls, RegistryCriteria.Artifact, RegistryCriteria.CalVer],
        Complete = (address, _) => GrpcAddress.Complete(address),
        Create = (address, services) => new GrpcReleaseSource(address, services, RegistryCatalog.BuiltIn),
    };

    public string DisplayName { get; }

    public async Task<ReleaseListing> ListAsync(CancellationToken cancellationToken)
    {
        var request = new CurrentRequest { Arch = _services.Platform.Architecture, Os = _services.Platform.OperatingSystem };
        if (!string.IsNullOrEmpty(_artifact))
            request.ArifactName = _artifact;
        var answer = CurrentAnswer.Read(await _client.CurrentAsync(request, cancellationToken), Refuse);
        _answer = answer;

        // Never "not modified": the service has no way to say so.
        return new ReleaseListing([new ReleaseCandidate { Tag = answer.Tag, Id = answer.Id, CreatedAt = answer.CreatedAt }], NotModified: false);
    }

    public async Task<IReadOnlyList<ReleaseAsset>> ListAssetsAsync(ReleaseCandidate release, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(release);
        if (_answer is not { } answer || answer.Tag != release.Tag)
            throw Gone(release.Tag);
        if (answer.ArtifactUrl is not { } url)
            return [];
        ThrowIfUnprotected(url);
        if (_listed is not { Listing.IsFinal: true } known || !known.Answer.NamesSameFile(answer))
            _listed = known = (answer, await _openers.Find(url).ListAsync(url, cancellationToken));
        return known.Listing.Assets;
    }

    public Task<ArtifactContent> OpenAsync(ReleaseAsset asset, long offset, string? validator, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asset);
        return _answer?.ArtifactUrl is { } url && _listed is { } listed && listed.Listing.Assets.Any(listedAsset => listedAsset.Location == asset.Location)
            ? _openers.Find(url).OpenAsync(url, asset, offset, validator, cancellationToken)
            : throw Gone(asset.Name);
    }

    public async Task ReportAsync(ShippingReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        try
        {
            await _client.ReportAsync(new ReportRequest { Id = report.Release.Id ?? "", Tag = report.Release.Tag, Command = report.Command }, cancellationToken);
        }
        catch (DewyException exception)
        {
            throw new DewyException(ErrorCode.ReportFailed, $"The shipping report of {report.Release.Tag} did not arrive: {exception.Message}", exception)
            {
                Phase = "record",
                Target = DisplayName,
                NextStep = "Look at the log of the service, or use --no-report.",
                RetryAfter = exception.RetryAfter,
            };
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _openers.DisposeAsync();
        _client.Dispose();
    }

    private HttpCallText CheckText() => new()
    {
        Subject = DisplayName,
        Target = DisplayName,
        NotFoundCode = ErrorCode.NoMatchingVersion,
        NotFoundStep = $"Publish a release for {_services.Platform}{(string.IsNullOrEmpty(_artifact) ? "" : $" with an artifact '{_artifact}'")}, or correct --registry.",
        UnauthorizedStep = "Have the service let this host in: Dewy has no credentials for gRPC registries.",
    };

    private DewyException Refuse(string why) => _client.Malformed(why);

    private void ThrowIfUnprotected(ArtifactUrl url)
    {
        if (url.Web is { } web && web.Scheme == Uri.UriSchemeHttp && !web.IsLoopback && !_service.IsPlain)
            throw Refuse($"it names the unprotected {url.DisplayName}, although it is itself spoken to with TLS");
    }

    private DewyException Gone(string what) => new(ErrorCode.ReleaseNotFound, $"{DisplayName} names '{what}' no more.")
    {
        Target = what,
        NextStep = "A gRPC registry has one release at a time: look again which.",
    };
}

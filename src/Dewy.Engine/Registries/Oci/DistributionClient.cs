using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Dewy.Engine.Registries.Http;
using Dewy.Engine.Registries.Oci.Authorization;
using Dewy.Engine.Registries.Oci.Wire;

namespace Dewy.Engine.Registries.Oci;

/// <summary>Speaks the OCI distribution API, version 2, with one repository. One caller at a time.</summary>
internal sealed class DistributionClient : IDisposable
{
    private const int LargestManifest = 4 << 20;
    private const int LargestConfig = 8 << 20;

    private readonly ImageRepository _repository;
    private readonly HttpMessageInvoker _client;
    private readonly RegistryAuthorization _authorization;

    public DistributionClient(ImageRepository repository, string displayName, RegistryServices services)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(services);
        _repository = repository;
        Text = new HttpCallText
        {
            Subject = displayName,
            Target = displayName,
            UnauthorizedStep = $"Run 'docker login {repository.Host}' as the agent's user, or set DOCKER_USERNAME and DOCKER_PASSWORD; check that the name of the repository is right, too.",
        };
        Failure = new HttpFailure(services.TimeProvider, services.Redactor);
        var guard = new InwardGuard(repository.Endpoint, why => Failure.Malformed(why, Text));
        _client = new HttpMessageInvoker(new RegistryApiHandler(guard.Attach(services.CreateHandler()), Text, services));
        _authorization = new RegistryAuthorization(repository, _client, Text, services);
    }

    /// <summary>What requests are about.</summary>
    public HttpCallText Text { get; }

    /// <summary>Where the credentials were found that the registry was answered with; null where there were none.</summary>
    public string? CredentialOrigin => _authorization.Origin;

    public HttpFailure Failure { get; }

    public void Dispose() => _client.Dispose();

    /// <summary>Sends a GET; the answer's status is the caller's to judge. A refusal is answered with credentials, once.</summary>
    public Task<HttpResponseMessage> GetAsync(Uri url, IReadOnlyList<string> accept, EntityTagHeaderValue? unlessTag, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, url, accept, unlessTag, cancellationToken);

    /// <summary>The digest a tag points to now; null where there is no such tag. One <c>HEAD</c>, and a <c>GET</c> where that tells no digest.</summary>
    public async Task<Digest?> FindDigestAsync(string tag, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Head, ManifestUrl(tag), ManifestTypes.Accepted, unlessTag: null, cancellationToken);
        if (response.StatusCode is HttpStatusCode.NotFound)
            return null;
        if (response.StatusCode is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented || (response.IsSuccessStatusCode && StatedDigest(response) is null))
            return (await FindManifestAsync(tag, cancellationToken))?.Digest;
        await ThrowIfFailedAsync(response, cancellationToken);
        return StatedDigest(response);
    }

    /// <summary>A manifest by tag or digest; null where there is none.</summary>
    public async Task<ManifestContent?> FindManifestAsync(string reference, CancellationToken cancellationToken)
    {
        var url = ManifestUrl(reference);
        using var response = await SendAsync(HttpMethod.Get, url, ManifestTypes.Accepted, unlessTag: null, cancellationToken);
        if (response.StatusCode is HttpStatusCode.NotFound)
            return null;
        await ThrowIfFailedAsync(response, cancellationToken);
        var body = await ReadAsync(response, LargestManifest, cancellationToken);
        var named = ContentDigest.Read(reference) ?? StatedDigest(response);
        ThrowIfOther(named, body, url);
        var document = JsonAnswer.Parse(Encoding.UTF8.GetString(body), OciJson.Default.ManifestDocument, Failure, Text, url);
        return new ManifestContent(named ?? ContentDigest.Of(body), response.Content.Headers.ContentType?.MediaType ?? document.MediaType, document);
    }

    /// <summary>An image's configuration; null where there is none.</summary>
    public async Task<ImageConfigDocument?> FindConfigAsync(Digest digest, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(digest);
        var url = _repository.Locate($"blobs/{digest}");
        using var response = await SendAsync(HttpMethod.Get, url, [], unlessTag: null, cancellationToken);
        if (response.StatusCode is HttpStatusCode.NotFound)
            return null;
        await ThrowIfFailedAsync(response, cancellationToken);
        var body = await ReadAsync(response, LargestConfig, cancellationToken);
        ThrowIfOther(digest, body, url);
        return JsonAnswer.Parse(Encoding.UTF8.GetString(body), OciJson.Default.ImageConfigDocument, Failure, Text, url);
    }

    /// <summary>The digest in the answer's header; null where it has none.</summary>
    private Digest? StatedDigest(HttpResponseMessage response)
    {
        if (!response.Headers.NonValidated.TryGetValues("Docker-Content-Digest", out var values))
            return null;
        return ContentDigest.Read(values.ToString().Trim())
            ?? throw Failure.Malformed($"{UrlText.Of(response.RequestMessage?.RequestUri)} states a digest that is none", Text);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri url, IReadOnlyList<string> accept, EntityTagHeaderValue? unlessTag, CancellationToken cancellationToken)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            using var request = new HttpRequestMessage(method, url);
            foreach (var type in accept)
                request.Headers.TryAddWithoutValidation("Accept", type);
            if (unlessTag is not null)
                request.Headers.IfNoneMatch.Add(unlessTag);
            request.Headers.Authorization = await _authorization.GetAsync(cancellationToken);
            var response = await _client.SendAsync(request, cancellationToken);
            if (response.StatusCode is not HttpStatusCode.Unauthorized || !isFirst || !UrlText.IsSameOrigin(response.RequestMessage?.RequestUri ?? url, url))
                return response;
            using (response)
                await _authorization.AnswerAsync(response, cancellationToken);
        }
    }

    private async Task ThrowIfFailedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
            throw await Failure.ExplainAsync(response, Text, cancellationToken);
    }

    private async Task<byte[]> ReadAsync(HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return body.Length <= limit ? body : throw Failure.Malformed($"{UrlText.Of(response.RequestMessage?.RequestUri)} sends more than {limit >> 20} MiB", Text);
    }

    private void ThrowIfOther(Digest? digest, byte[] body, Uri url)
    {
        if (digest is not null && !ContentDigest.Matches(digest, body))
            throw Failure.Create(ErrorCode.ChecksumMismatch, $"{Text.Subject} sent something else than {digest} from {UrlText.Of(url)}.", Text, "Look at the registry, and any proxy before it: it keeps or sends damaged content.");
    }

    private Uri ManifestUrl(string reference) => _repository.Locate($"manifests/{reference}");
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using Dewy.Engine.Registries.Http;

namespace Dewy.Engine.Registries.GitHub;

/// <summary>
/// Between Octokit and the network: credentials, entity tags, repositories that moved, rate limits, and failures as
/// <see cref="DewyException"/>s.
/// </summary>
internal sealed class GitHubHandler : DelegatingHandler
{
    /// <summary>The media type of the REST API.</summary>
    public const string Json = "application/vnd.github+json";

    private readonly GitHubCredentials _credentials;
    private readonly RateLimitGate _gate;
    private readonly HttpCallText _text;
    private readonly HttpFailure _failure;
    private readonly ConcurrentDictionary<string, string> _entityTags = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _moved = new(StringComparer.Ordinal);

    public GitHubHandler(HttpMessageHandler inner, GitHubCredentials credentials, RateLimitGate gate, HttpCallText text, HttpFailure failure)
        : base(inner)
    {
        _credentials = credentials;
        _gate = gate;
        _text = text;
        _failure = failure;
    }

    /// <summary>Says which API is meant.</summary>
    public static void Describe(HttpRequestMessage request)
    {
        request.Headers.Accept.Clear();
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(Json));
        request.Headers.TryAddWithoutValidation("X-GitHub-Api-Version", "2022-11-28");
    }

    /// <summary>The entity tag to send with requests of a URL; null for none.</summary>
    public void Expect(Uri url, string? entityTag)
    {
        if (entityTag is null)
            _entityTags.TryRemove(url.PathAndQuery, out _);
        else
            _entityTags[url.PathAndQuery] = entityTag;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        _gate.ThrowIfClosed();
        var url = request.RequestUri ?? throw new InvalidOperationException("A request has no address.");
        Describe(request);
        request.Headers.Authorization = await _credentials.GetAsync(cancellationToken);
        if (request.Method == HttpMethod.Get && _entityTags.TryGetValue(url.PathAndQuery, out var entityTag))
            request.Headers.TryAddWithoutValidation("If-None-Match", entityTag);
        if (_moved.TryGetValue(url.AbsolutePath, out var path))
            request.RequestUri = new UriBuilder(url) { Path = path }.Uri;

        var response = await base.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode || response.StatusCode is HttpStatusCode.NotModified)
        {
            RememberMove(url, response.RequestMessage);
            return response;
        }

        using (response)
        {
            _moved.TryRemove(url.AbsolutePath, out _);
            if (response.StatusCode is HttpStatusCode.Unauthorized)
                _credentials.Refused();
            var failure = await _failure.ExplainAsync(response, _text, cancellationToken);
            _gate.Note(failure);
            throw failure;
        }
    }

    /// <summary>A repository that was renamed answers under its number; without this each poll would cost two requests.</summary>
    private void RememberMove(Uri asked, HttpRequestMessage? answered)
    {
        if (answered is { Method.Method: "GET", RequestUri: { } where }
            && answered.Options.TryGetValue(Redirects.MovedForGood, out var forGood) && forGood
            && UrlText.IsSameOrigin(asked, where) && asked.Query == where.Query)
        {
            _moved[asked.AbsolutePath] = where.AbsolutePath;
        }
    }
}

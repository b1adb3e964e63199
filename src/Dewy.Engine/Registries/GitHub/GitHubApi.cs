using System.Text.Json;
using Dewy.Engine.Registries.Http;
using Octokit;
using Octokit.Internal;

namespace Dewy.Engine.Registries.GitHub;

/// <summary>The requests Dewy makes of GitHub's REST API, through Octokit.</summary>
internal sealed class GitHubApi : IDisposable
{
    /// <summary>The most GitHub puts on a page.</summary>
    private const int PageSize = 100;

    private readonly Connection _connection;
    private readonly HttpClientAdapter _client;
    private readonly GitHubHandler _handler;
    private readonly HttpCallText _text;
    private readonly HttpFailure _failure;
    private readonly Uri _releases;

    public GitHubApi(Uri api, string owner, string repository, GitHubCredentials credentials, RateLimitGate gate, HttpCallText text, RegistryServices services)
    {
        _text = text;
        _failure = new HttpFailure(services.TimeProvider, services.Redactor);
        _releases = new Uri(api, $"repos/{owner}/{repository}/releases");
        _handler = new GitHubHandler(new RegistryApiHandler(services.CreateHandler(), text, services), credentials, gate, text, _failure);
        _client = new HttpClientAdapter(() => _handler);
        _client.SetRequestTimeout(Timeout.InfiniteTimeSpan); // the handler keeps the time, by the given clock

        // Credentials are the handler's: Octokit's own store could neither be cancelled nor know which host a request is for.
        _connection = new Connection(
            new ProductHeaderValue(RegistryApiHandler.UserAgent.Product?.Name ?? "dewy"), api, new InMemoryCredentialStore(Credentials.Anonymous), _client, new GitHubSerializer());
    }

    /// <summary>One page of the list; null where it is still what the entity tag names.</summary>
    /// <param name="number">The page, from 1.</param>
    /// <param name="entityTag">The entity tag of the page that is known; null for none.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<GitHubPage?> GetPageAsync(int number, string? entityTag, CancellationToken cancellationToken)
    {
        var url = new Uri($"{_releases}?per_page={PageSize}&page={number}");
        _handler.Expect(url, entityTag);
        var answer = await CallAsync(url, () => _connection.Get<IReadOnlyList<GitHubRelease>>(url, NoParameters, GitHubHandler.Json, cancellationToken));
        if (answer.HttpResponse.StatusCode is System.Net.HttpStatusCode.NotModified)
            return null;
        if (answer.Body is not { } releases || releases.Any(HasHoles))
            throw _failure.Malformed($"{UrlText.Of(url)} sent no list of releases but {answer.HttpResponse.ContentType ?? "nothing"}", _text);
        return new GitHubPage
        {
            EntityTag = answer.HttpResponse.ApiInfo.Etag,
            Releases = releases,
            HasNext = answer.HttpResponse.ApiInfo.Links.ContainsKey("next"),
        };
    }

    /// <summary>The release of a tag.</summary>
    public async Task<GitHubRelease> GetReleaseAsync(string tag, CancellationToken cancellationToken)
    {
        var url = new Uri($"{_releases}/tags/{Uri.EscapeDataString(tag)}");
        var answer = await CallAsync(url, () => _connection.Get<GitHubRelease>(url, NoParameters, GitHubHandler.Json, cancellationToken));
        return answer.Body is { } release && !HasHoles(release) ? release : throw _failure.Malformed($"{UrlText.Of(url)} sent no release", _text);
    }

    /// <summary>Adds a file to a release.</summary>
    public async Task UploadAsync(Uri url, byte[] content, string contentType, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream(content);
        await CallAsync(url, () => _connection.Post<GitHubAsset>(url, body, GitHubHandler.Json, contentType, NoParameters, cancellationToken));
    }

    /// <summary>Where a file's content is: the API's own address, which answers with a redirect to the host that has it.</summary>
    public Uri AssetUrl(GitHubAsset asset) => new($"{_releases}/assets/{asset.Id}");

    public void Dispose() => _client.Dispose();

    private static Dictionary<string, string> NoParameters => new(StringComparer.Ordinal);

    /// <summary>Whether there is a null where there should be a release or a file: the reader of JSON lets those pass in lists.</summary>
    private static bool HasHoles(GitHubRelease? release) => release is null || (release.Assets ?? []).Any(asset => asset is null);

    /// <summary>Makes a call; what Octokit cannot read is said to be unreadable.</summary>
    private async Task<T> CallAsync<T>(Uri url, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (JsonException exception)
        {
            throw _failure.Malformed($"{UrlText.Of(url)} did not send the JSON it should{(exception.Path is { Length: > 0 } path ? $" at {path}" : "")}", _text, exception);
        }
        catch (Exception exception) when (exception is ApiException or FormatException or ArgumentException or InvalidOperationException)
        {
            throw _failure.Malformed($"the answer of {UrlText.Of(url)} is not as documented: {exception.Message}", _text, exception);
        }
    }
}

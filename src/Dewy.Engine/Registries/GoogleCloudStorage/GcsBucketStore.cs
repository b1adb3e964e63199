using System.Net;
using System.Net.Http.Headers;
using Dewy.Engine.Registries.Buckets;
using Dewy.Engine.Registries.Http;

namespace Dewy.Engine.Registries.GoogleCloudStorage;

/// <summary>A bucket of Google Cloud Storage, spoken to in its JSON API (Cloud Storage documentation, "Objects").</summary>
internal sealed class GcsBucketStore : IBucketStore
{
    private readonly string _endpoint;
    private readonly string _bucket;
    private readonly TimeProvider _timeProvider;
    private readonly HttpCallText _text;
    private readonly HttpFailure _failure;
    private readonly GcsTokens _tokens;
    private readonly ServerClock _clock;
    private readonly HttpMessageInvoker _api;
    private readonly HttpMessageInvoker _uploads;
    private readonly HttpArtifactReader _contents;

    /// <param name="address">The bucket.</param>
    /// <param name="services">Clock, environment, redactor and connections.</param>
    /// <param name="text">What failures call the bucket and what they advise.</param>
    public GcsBucketStore(GcsAddress address, RegistryServices services, HttpCallText text)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(services);
        _endpoint = address.Endpoint;
        _bucket = Uri.EscapeDataString(address.Place.Bucket);
        _timeProvider = services.TimeProvider;
        _text = text;
        _failure = new HttpFailure(services.TimeProvider, services.Redactor);
        _tokens = new GcsTokens(new Uri(address.Endpoint), address.IsEmulator, services, text);
        _clock = new ServerClock(services.CreateHandler(), services.TimeProvider);
        _api = new HttpMessageInvoker(new RegistryApiHandler(_clock, text, services));
        _uploads = new HttpMessageInvoker(services.CreateHandler());
        _contents = new HttpArtifactReader(new GcsConditions(services.CreateHandler()), services);
    }

    public string ImpossibleValidator => "1"; // generations are microseconds since 1970

    public long LargestUpload => 5L << 40;

    public string Credentials => _tokens.Origin;

    public async Task<IReadOnlyList<string>> ListPrefixesAsync(string prefix, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var page in PagesAsync(prefix, "prefixes", cancellationToken))
            names.AddRange((page.Prefixes ?? []).Where(common => common.StartsWith(prefix, StringComparison.Ordinal)).Select(common => common[prefix.Length..].TrimEnd('/')));
        return names;
    }

    public async Task<IReadOnlyList<BucketObject>> ListObjectsAsync(string prefix, CancellationToken cancellationToken)
    {
        var objects = new List<BucketObject>();
        await foreach (var page in PagesAsync(prefix, $"items({GcsObject.Fields})", cancellationToken))
            objects.AddRange((page.Items ?? []).Select(item => item.ToObject()));
        return objects;
    }

    // The listing tells everything.
    public Task<BucketObject> DescribeAsync(BucketObject listed, CancellationToken cancellationToken) => Task.FromResult(listed);

    public Task<ArtifactContent> OpenAsync(BucketObjectName name, long offset, string? validator, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _contents.OpenAsync(
            new HttpArtifactRequest
            {
                Location = ObjectUrl(name.Key, "alt=media"),
                Name = name.FileName,
                ExpectedLength = name.Size,
                Offset = offset,
                Validator = validator,
                KeepsContentCoding = true,
                Text = _text with
                {
                    Subject = $"{name.FileName} in {_text.Subject}",
                    Phase = "fetch",
                    NotFoundCode = ErrorCode.ArtifactNotFound,
                    NotFoundStep = "Put the file back, or publish another release; the agent looks again by itself.",
                },
                PrepareAsync = async (message, token) =>
                {
                    // Without this, objects kept packed are unpacked on their way, and hash to something else.
                    message.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
                    await AuthorizeAsync(message, token);
                },
            },
            cancellationToken);
    }

    public async Task<BucketContent?> ReadAsync(string key, string? knownValidator, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ObjectUrl(key, knownValidator is null ? "alt=media" : $"alt=media&ifGenerationNotMatch={knownValidator}"));
        using var response = await SendAsync(request, cancellationToken);
        if (response.StatusCode is HttpStatusCode.NotModified && knownValidator is not null)
            return new BucketContent { Validator = knownValidator };
        if (response.StatusCode is HttpStatusCode.NotFound && await IsObjectMissingAsync(response, cancellationToken))
            return null;
        if (response.StatusCode is not HttpStatusCode.OK)
            throw await _failure.ExplainAsync(response, _text, cancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (bytes.Length > BucketContent.Largest)
            throw _failure.Malformed($"{key} has more than {BucketContent.Largest >> 20} MiB", _text);
        return new BucketContent
        {
            Bytes = bytes,
            Validator = response.Headers.TryGetValues("x-goog-generation", out var values) && values.FirstOrDefault() is { Length: > 0 } generation
                ? generation
                : throw _failure.Malformed($"{UrlText.Of(request.RequestUri)} told no generation", _text),
            Age = _clock.AgeOf(response.Content.Headers.LastModified),
        };
    }

    public async Task<string?> WriteAsync(string key, BucketUpload upload, BucketCondition condition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(upload);
        ArgumentNullException.ThrowIfNull(condition);
        var query = $"uploadType=media&name={Uri.EscapeDataString(key)}&fields={GcsObject.Fields}";
        var expected = condition.MustBeAbsent ? "0" : condition.Validator;
        if (expected is not null)
            query += $"&ifGenerationMatch={expected}";
        var text = _text with { Phase = "record" };
        var url = new Uri($"{_endpoint}/upload/storage/v1/b/{_bucket}/o?{query}");
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new UnownedContent(upload.Content) };
        request.Content.Headers.ContentLength = upload.Length;
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(upload.ContentType);
        request.Headers.UserAgent.Add(RegistryApiHandler.UserAgent);
        using var deadline = new CancellationTokenSource(upload.Timeout, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            await AuthorizeAsync(request, either.Token);
            using var response = await _uploads.SendAsync(request, either.Token);
            if (response.StatusCode is HttpStatusCode.PreconditionFailed && expected is not null)
                return null;
            if (response.StatusCode is not HttpStatusCode.OK)
                throw await _failure.ExplainAsync(response, text, either.Token);
            return (await JsonAnswer.ReadAsync(response, GcsJson.Default.GcsObject, _failure, text, either.Token)).Generation;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw _failure.TimedOut(url, deadline.IsCancellationRequested ? upload.Timeout : RegistryHandlers.ConnectTimeout, text, exception);
        }
        catch (HttpRequestException exception)
        {
            throw _failure.Explain(exception, url, text);
        }
    }

    public async Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, ObjectUrl(key, ""));
        using var response = await SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode && response.StatusCode is not HttpStatusCode.NotFound)
            throw await _failure.ExplainAsync(response, _text with { Phase = "record" }, cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _api.Dispose();
        _uploads.Dispose();
        _contents.Dispose();
        _tokens.Dispose();
        return ValueTask.CompletedTask;
    }

    private Uri ObjectUrl(string key, string query) =>
        new($"{_endpoint}/storage/v1/b/{_bucket}/o/{Uri.EscapeDataString(key)}{(query.Length == 0 ? "" : "?" + query)}");

    private async IAsyncEnumerable<GcsListing> PagesAsync(string prefix, string fields, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var paging = new BucketPaging(_text, _failure);
        string? next = null;
        do
        {
            var query = $"prefix={Uri.EscapeDataString(prefix)}&delimiter=%2F&maxResults=1000&fields={Uri.EscapeDataString($"{fields},nextPageToken")}";
            if (next is not null)
                query += $"&pageToken={Uri.EscapeDataString(next)}";
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{_endpoint}/storage/v1/b/{_bucket}/o?{query}"));
            using var response = await SendAsync(request, cancellationToken);
            if (response.StatusCode is not HttpStatusCode.OK)
                throw await _failure.ExplainAsync(response, _text, cancellationToken);
            var page = await JsonAnswer.ReadAsync(response, GcsJson.Default.GcsListing, _failure, _text, cancellationToken);
            yield return page;
            next = string.IsNullOrEmpty(page.NextPageToken) ? null : page.NextPageToken;
            paging.Next(next, (page.Prefixes?.Count ?? 0) + (page.Items?.Count ?? 0));
        }
        while (next is not null);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await AuthorizeAsync(request, cancellationToken);
        return await _api.SendAsync(request, cancellationToken);
    }

    private async Task AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (await _tokens.GetAsync(cancellationToken) is { } token)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Whether a 404 is about the object: a missing bucket is a failure, a missing object an answer.</summary>
    private static async Task<bool> IsObjectMissingAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        !(await response.Content.ReadAsStringAsync(cancellationToken)).Contains("bucket does not exist", StringComparison.OrdinalIgnoreCase);
}

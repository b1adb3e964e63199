using System.Net;
using System.Net.Http.Headers;

namespace Dewy.Engine.Registries.Http;

/// <summary>
/// Opens files over HTTP for the downloader: ranges with a validator, redirects without credentials, and nothing taken for
/// a file that is not one. The body's own deadline is the reader's: here the time until the headers is limited.
/// </summary>
internal sealed class HttpArtifactReader : IDisposable
{
    /// <summary>Longest time until the headers of the final answer.</summary>
    public static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(60);

    private readonly HttpMessageInvoker _client;
    private readonly TimeProvider _timeProvider;
    private readonly HttpFailure _failure;

    /// <param name="handler">The connections; disposed together with this.</param>
    /// <param name="services">Clock and redactor.</param>
    public HttpArtifactReader(HttpMessageHandler handler, RegistryServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        _client = new HttpMessageInvoker(handler);
        _timeProvider = services.TimeProvider;
        _failure = new HttpFailure(services.TimeProvider, services.Redactor);
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Opens a file, from the offset where server and validator allow, else from 0.</summary>
    /// <exception cref="DewyException">What the registry failed with; <see cref="ErrorCode.RegistryMalformed"/> for an answer that is not the file.</exception>
    public async Task<ArtifactContent> OpenAsync(HttpArtifactRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var condition = request is { Offset: > 0, Validator: { } validator } ? ContentValidator.ToCondition(validator) : null;
        if (condition is not null)
        {
            var response = await SendAsync(request, condition, cancellationToken);
            if (IsContinuation(response, request))
                return await ToContentAsync(response, request, request.Offset, cancellationToken);

            // Changed, shorter now, or a server that counts differently: all of it again.
            if (response.StatusCode is HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable)
                response.Dispose();
            else
                return await ToContentAsync(response, request, offset: 0, cancellationToken);
        }

        return await ToContentAsync(await SendAsync(request, condition: null, cancellationToken), request, offset: 0, cancellationToken);
    }

    private static bool IsContinuation(HttpResponseMessage response, HttpArtifactRequest request) =>
        response.StatusCode is HttpStatusCode.PartialContent
        && response.Content.Headers.ContentRange is { Unit: "bytes", From: { } from, To: { } to } range
        && from == request.Offset
        && to >= from
        && !(range.Length <= to)
        && response.Content.Headers.ContentLength is var length && (length is null || length == to - from + 1)
        && string.Equals(ContentValidator.Read(response), request.Validator, StringComparison.Ordinal);

    private async Task<HttpResponseMessage> SendAsync(HttpArtifactRequest request, RangeConditionHeaderValue? condition, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, request.Location);
        message.Headers.UserAgent.Add(RegistryApiHandler.UserAgent);
        if (!request.KeepsContentCoding)
            message.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (condition is not null)
        {
            message.Headers.Range = new RangeHeaderValue(request.Offset, null);
            message.Headers.IfRange = condition;
        }

        using var deadline = new CancellationTokenSource(HeaderTimeout, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            await request.PrepareAsync(message, either.Token);
            return await Redirects.SendAsync(_client.SendAsync, message, why => _failure.Malformed(why, request.Text), either.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw _failure.TimedOut(request.Location, deadline.IsCancellationRequested ? HeaderTimeout : RegistryHandlers.ConnectTimeout, request.Text, exception);
        }
        catch (HttpRequestException exception)
        {
            throw _failure.Explain(exception, request.Location, request.Text);
        }
    }

    private async Task<ArtifactContent> ToContentAsync(HttpResponseMessage response, HttpArtifactRequest request, long offset, CancellationToken cancellationToken)
    {
        try
        {
            await ThrowIfNotTheFileAsync(response, request, offset, cancellationToken);
            var headers = response.Content.Headers;
            return new ArtifactContent
            {
                Stream = await response.Content.ReadAsStreamAsync(cancellationToken),
                Offset = offset,
                TotalLength = offset > 0 ? headers.ContentRange?.Length : headers.ContentLength,
                Validator = ContentValidator.Read(response),
                Owner = response,
            };
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private async Task ThrowIfNotTheFileAsync(HttpResponseMessage response, HttpArtifactRequest request, long offset, CancellationToken cancellationToken)
    {
        var headers = response.Content.Headers;
        var from = UrlText.Of(response.RequestMessage?.RequestUri);
        if (response.StatusCode is not HttpStatusCode.OK && offset == 0)
        {
            throw response.IsSuccessStatusCode
                ? _failure.Malformed($"{from} answered {(int)response.StatusCode} where the whole file was asked for", request.Text)
                : await _failure.ExplainAsync(response, request.Text, cancellationToken);
        }

        if (!request.KeepsContentCoding && headers.ContentEncoding.Any(coding => !coding.Equals("identity", StringComparison.OrdinalIgnoreCase)))
            throw _failure.Malformed($"{from} sent {request.Name} packed as '{string.Join(", ", headers.ContentEncoding)}', which was not asked for", request.Text);

        var complete = offset > 0 ? headers.ContentRange?.Length : headers.ContentLength;
        if (headers.ContentType?.MediaType is { } type && MediaTypes.IsPage(type) && !IsPageItself(request.Name) && !(complete is not null && complete == request.ExpectedLength))
            throw _failure.Malformed($"{from} sent a page ({type}, {complete?.ToString("N0") ?? "unknown"} bytes) instead of {request.Name}", request.Text);
    }

    private static bool IsPageItself(string name) =>
        Path.GetExtension(name).ToLowerInvariant() is ".html" or ".htm" or ".xhtml" or ".json" or ".xml" or ".svg" or ".sarif" or ".jsonl";
}

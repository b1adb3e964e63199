using System.Net.Http.Headers;
using Dewy.Engine.Composition;

namespace Dewy.Engine.Registries.Http;

/// <summary>
/// For answers that are held in memory, such as JSON: one deadline for request and whole body, a size limit, redirects that
/// keep credentials at home, packed transfer. What comes back is complete; what goes wrong on the way there is a
/// <see cref="DewyException"/>. The status is the caller's to judge (<see cref="HttpFailure"/>).
/// </summary>
internal sealed class RegistryApiHandler : DelegatingHandler
{
    /// <summary>Longest time for a request and the whole of its answer.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>The most bytes of an answer, unpacked.</summary>
    public const int LargestBody = 64 << 20;

    private readonly HttpCallText _text;
    private readonly TimeProvider _timeProvider;
    private readonly HttpFailure _failure;

    /// <param name="inner">The connections; disposed together with this.</param>
    /// <param name="text">What the requests are about.</param>
    /// <param name="services">Clock and redactor.</param>
    public RegistryApiHandler(HttpMessageHandler inner, HttpCallText text, RegistryServices services)
        : base(inner)
    {
        _text = text;
        _timeProvider = services.TimeProvider;
        _failure = new HttpFailure(services.TimeProvider, services.Redactor);
    }

    /// <summary>How Dewy introduces itself.</summary>
    public static ProductInfoHeaderValue UserAgent { get; } = new("dewy", EngineVersion.Current.Version);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Headers.UserAgent.Clear();
        request.Headers.UserAgent.Add(UserAgent);
        if (request.Headers.AcceptEncoding.Count == 0)
            request.Headers.TryAddWithoutValidation("Accept-Encoding", BoundedBody.AcceptedEncodings);

        using var deadline = new CancellationTokenSource(Timeout, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            var response = await Redirects.SendAsync(base.SendAsync, request, why => _failure.Malformed(why, _text), either.Token);
            try
            {
                await BufferAsync(response, either.Token);
                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The connection's own time limit ends here as well.
            throw _failure.TimedOut(request.RequestUri, deadline.IsCancellationRequested ? Timeout : RegistryHandlers.ConnectTimeout, _text, exception);
        }
        catch (HttpRequestException exception)
        {
            throw _failure.Explain(exception, request.RequestUri, _text);
        }
        catch (InvalidDataException exception)
        {
            throw _failure.Malformed($"the body from {UrlText.Of(request.RequestUri)} cannot be unpacked: {exception.Message}", _text, exception);
        }
        catch (IOException exception)
        {
            throw _failure.Create(
                ErrorCode.RegistryUnavailable, $"{_text.Subject} broke off its answer from {UrlText.Of(request.RequestUri)}: {exception.Message.TrimEnd('.')}.", _text, "Check the connection to the registry; the agent tries again by itself.", exception);
        }
    }

    private async Task BufferAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var headers = response.Content.Headers;
        if (response.RequestMessage?.Method == HttpMethod.Head)
            return;
        var body = await BoundedBody.ReadAsync(response.Content, LargestBody, cancellationToken)
            ?? throw _failure.Malformed($"{UrlText.Of(response.RequestMessage?.RequestUri)} sends more than {LargestBody >> 20} MiB", _text);
        var buffered = new ByteArrayContent(body);
        foreach (var header in headers.NonValidated)
        {
            if (!header.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) && !header.Key.Equals("Content-Encoding", StringComparison.OrdinalIgnoreCase))
                buffered.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        response.Content.Dispose();
        response.Content = buffered;
    }
}

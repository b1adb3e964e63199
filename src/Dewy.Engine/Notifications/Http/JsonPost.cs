using System.Net.Http.Headers;
using System.Security.Authentication;
using Dewy.Engine.Registries.Http;

namespace Dewy.Engine.Notifications.Http;

/// <summary>Posts JSON to a service and tells what its answer means. Redirects are not followed: a message goes where it was meant for.</summary>
internal sealed class JsonPost : IDisposable
{
    /// <summary>Bytes of an answer that are looked at.</summary>
    private const int LongestAnswer = 64 << 10;

    private const string CheckAddress = "Check the notifier's URL";

    private readonly HttpMessageInvoker _client;
    private readonly NotifierServices _services;

    public JsonPost(NotifierServices services)
    {
        _services = services;
        _client = new HttpMessageInvoker(services.CreateHandler());
    }

    /// <summary>Makes a request of a body.</summary>
    public static HttpRequestMessage Request(Uri url, byte[] json) => new(HttpMethod.Post, url)
    {
        Content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") } },
    };

    /// <summary>Sends a request once.</summary>
    /// <param name="request">The request; left to its owner.</param>
    /// <param name="judge">Tells what the body of a successful answer means: null for success.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<NotifierFailure?> SendAsync(HttpRequestMessage request, Func<string, NotifierFailure?> judge, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(judge);
        request.Headers.UserAgent.Add(RegistryApiHandler.UserAgent);
        try
        {
            using var response = await _client.SendAsync(request, cancellationToken);
            var body = await BoundedBody.ReadTextAsync(response.Content, LongestAnswer, cancellationToken) ?? "";
            return response.IsSuccessStatusCode ? judge(body) : Explain(response, body);
        }
        catch (HttpRequestException exception)
        {
            return Explain(exception);
        }
        catch (IOException exception)
        {
            return new NotifierFailure($"the answer broke off: {Clean(exception.Message)}", "Check the connection to the service", IsTransient: true);
        }
    }

    /// <summary>A foreign sentence as it may stand in one of ours.</summary>
    public string Clean(string text) => ErrorBody.Shorten(_services.Redactor.Redact(ErrorBody.OneLine(text) ?? "no reason given"));

    public void Dispose() => _client.Dispose();

    private NotifierFailure Explain(HttpResponseMessage response, string body)
    {
        var status = (int)response.StatusCode;
        var said = ErrorBody.FindMessage(body) is { } message ? $" ({Clean(message)})" : "";
        var retryAfter = RetryAfterReader.Read(response, _services.Time);
        return status switch
        {
            429 => new NotifierFailure($"it has had enough messages for now (429{said})", "Nothing: it is tried again; quiet=true sends less", IsTransient: true, retryAfter),
            408 or 425 or >= 500 => new NotifierFailure($"it answered {status}{said}", "Look at the service's status page", IsTransient: true, retryAfter),
            401 or 403 => new NotifierFailure($"it refuses access ({status}{said})", "Check the credentials in the notifier's URL or environment", IsTransient: false),
            404 or 410 => new NotifierFailure($"it knows no such address ({status}{said})", CheckAddress, IsTransient: false),
            >= 300 and < 400 => new NotifierFailure($"it sends messages elsewhere ({status}), which is not followed", "Give the address it redirects to", IsTransient: false),
            _ => new NotifierFailure($"it does not take the message ({status}{said})", CheckAddress, IsTransient: false),
        };
    }

    private NotifierFailure Explain(HttpRequestException exception)
    {
        var cause = Clean(exception.InnerException is { } inner and (AuthenticationException or IOException or System.Net.Sockets.SocketException) ? inner.Message : exception.Message);
        return exception.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => new NotifierFailure("the name of its host does not resolve", $"{CheckAddress} and this host's DNS", IsTransient: true),
            HttpRequestError.SecureConnectionError => new NotifierFailure($"there is no secure connection: {cause}", "Check the service's certificate, this host's clock and its trusted authorities", IsTransient: false),
            _ => new NotifierFailure($"it cannot be reached: {cause}", "Check the network, the address and the firewall between this host and the service", IsTransient: true),
        };
    }
}

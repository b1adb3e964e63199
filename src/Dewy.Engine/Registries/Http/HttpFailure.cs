using System.Security.Authentication;
using Dewy.Engine.Diagnostics;

namespace Dewy.Engine.Registries.Http;

/// <summary>Tells what a failed HTTP request to a registry means. Messages carry no credentials: neither ours nor those of signed URLs.</summary>
internal sealed class HttpFailure(TimeProvider timeProvider, SecretRedactor redactor)
{
    /// <summary>Bytes of an error's body that are looked at.</summary>
    private const int LongestBody = 64 << 10;

    /// <summary>GitHub asks for at least a minute where it names no time; nobody minds as much elsewhere.</summary>
    private static readonly TimeSpan RateLimitPause = TimeSpan.FromMinutes(1);

    /// <summary>What an answer that is no success means.</summary>
    public async Task<DewyException> ExplainAsync(HttpResponseMessage response, HttpCallText text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(text);
        var status = (int)response.StatusCode;
        var said = await ReadMessageAsync(response, cancellationToken) is { } message ? $" ({message})" : "";
        var host = UrlText.Of(response.RequestMessage?.RequestUri);
        var retryAfter = RetryAfterReader.Read(response, timeProvider);
        return status switch
        {
            404 or 410 => Create(text.NotFoundCode, $"{text.Subject} was not found: {host} answered {status}{said}.", text, text.NotFoundStep),
            429 => RateLimited(),
            403 when retryAfter is not null || RetryAfterReader.IsUsedUp(response.Headers) || said.Contains("rate limit", StringComparison.OrdinalIgnoreCase) => RateLimited(),
            401 or 403 => Create(ErrorCode.RegistryUnauthorized, $"{text.Subject} refuses access: {host} answered {status}{said}.", text, text.UnauthorizedStep),
            407 => Create(ErrorCode.RegistryUnavailable, $"{text.Subject} cannot be reached: the proxy wants credentials.", text, "Put them into the proxy's URL (HTTPS_PROXY)."),
            408 => Create(ErrorCode.RegistryTimeout, $"{text.Subject} timed out: {host} answered {status}{said}.", text, "The agent tries again by itself."),
            >= 500 => Create(ErrorCode.RegistryUnavailable, $"{text.Subject} is out of order: {host} answered {status}{said}.", text, "Look at the registry's status page; the agent tries again by itself.", retryAfter: retryAfter),
            _ => Create(ErrorCode.RegistryMalformed, $"{text.Subject} gave an answer of no use: {host} answered {status}{said}.", text, "Check that the registry's address, and any proxy before it, is right."),
        };

        DewyException RateLimited() => Create(
            ErrorCode.RegistryRateLimited,
            $"{text.Subject} has had enough requests for now: {host} answered {status}{said}; it may be asked again in {(retryAfter ?? RateLimitPause).TotalSeconds:0} s.",
            text,
            text.RateLimitedStep,
            retryAfter: retryAfter ?? RateLimitPause);
    }

    /// <summary>What a request without an answer means.</summary>
    public DewyException Explain(HttpRequestException exception, Uri? url, HttpCallText text)
    {
        ArgumentNullException.ThrowIfNull(exception);
        ArgumentNullException.ThrowIfNull(text);
        if (exception.InnerException is DewyException refused)
            return refused; // by whoever makes the connection
        var host = url is null ? "the registry" : url.IsDefaultPort ? url.Host : $"{url.Host}:{url.Port}";
        var cause = (exception.InnerException is { } inner and (AuthenticationException or IOException or System.Net.Sockets.SocketException) ? inner.Message : exception.Message).TrimEnd('.');
        return exception.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => Unreachable($"the name {host} does not resolve", "Check the name and this host's DNS"),
            HttpRequestError.SecureConnectionError => Unreachable($"no secure connection to {host}: {cause}", "Check the certificate of the registry, this host's clock and its trusted authorities"),
            HttpRequestError.ProxyTunnelError => Unreachable($"the proxy does not lead to {host}: {cause}", "Check HTTPS_PROXY and NO_PROXY"),
            HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.ConfigurationLimitExceeded =>
                Create(ErrorCode.RegistryMalformed, $"{text.Subject} gave an answer of no use: {host} does not speak HTTP as it should: {cause}.", text, "Check that the registry's address, and any proxy before it, is right.", exception),
            _ => Unreachable($"{host}: {cause}", "Check the network, the address and the firewall between this host and the registry"),
        };

        DewyException Unreachable(string why, string step) =>
            Create(ErrorCode.RegistryUnavailable, $"{text.Subject} cannot be reached: {why}.", text, $"{step}; the agent tries again by itself.", exception);
    }

    public DewyException TimedOut(Uri? url, TimeSpan limit, HttpCallText text, Exception? cause = null) =>
        Create(ErrorCode.RegistryTimeout, $"{text.Subject} timed out: {UrlText.Of(url)} did not answer within {limit.TotalSeconds:0} s.", text, "Check the connection to the registry; the agent tries again by itself.", cause);

    public DewyException Malformed(string why, HttpCallText text, Exception? cause = null) =>
        Create(ErrorCode.RegistryMalformed, $"{text.Subject} gave an answer of no use: {why.TrimEnd('.')}.", text, "Check that the registry's address, and any proxy before it, is right.", cause);

    public DewyException Create(ErrorCode code, string message, HttpCallText text, string nextStep, Exception? cause = null, TimeSpan? retryAfter = null) =>
        new(code, redactor.Redact(message), cause)
        {
            Phase = text.Phase,
            Target = redactor.Redact(text.Target),
            NextStep = nextStep,
            RetryAfter = retryAfter,
        };

    private async Task<string?> ReadMessageAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType is not { } type || !MediaTypes.IsJson(type) || response.RequestMessage?.Method == HttpMethod.Head)
            return null;
        try
        {
            return await BoundedBody.ReadTextAsync(response.Content, LongestBody, cancellationToken) is { } body && ErrorBody.FindMessage(body) is { } message
                ? ErrorBody.Shorten(redactor.Redact(WithoutRequest(message, response.RequestMessage)))
                : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return null; // the status says enough
        }
    }

    /// <summary>A message that quotes the request must not give away what the request was signed with, be it ever so short-lived.</summary>
    private static string WithoutRequest(string message, HttpRequestMessage? request)
    {
        if (request?.Headers.Authorization?.Parameter is { Length: > 0 } credentials)
            message = message.Replace(credentials, SecretRedactor.Mask, StringComparison.Ordinal);
        return request?.RequestUri?.Query is { Length: > 1 } query
            ? message.Replace(query, SecretRedactor.Mask, StringComparison.Ordinal).Replace(Uri.UnescapeDataString(query), SecretRedactor.Mask, StringComparison.Ordinal)
            : message;
    }
}

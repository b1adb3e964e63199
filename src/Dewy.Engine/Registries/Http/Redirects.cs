using System.Net;

namespace Dewy.Engine.Registries.Http;

/// <summary>
/// Follows redirects of GET and HEAD. Credentials stay with the scheme, host and port they were meant for: once a request
/// has left them they are gone for the rest of its way.
/// </summary>
internal static class Redirects
{
    /// <summary>Set on the last request where every redirect on its way was permanent: the next request may go there at once.</summary>
    public static readonly HttpRequestOptionsKey<bool> MovedForGood = new("Dewy.MovedForGood");

    private const int Most = 5;

    private static readonly HashSet<string> Credentials = new(["Authorization", "Cookie", "Proxy-Authorization"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a header may go to another host: anything but credentials, whatever they are called.</summary>
    private static bool MayTravel(string name) =>
        !Credentials.Contains(name)
        && !name.Contains("token", StringComparison.OrdinalIgnoreCase)
        && !name.Contains("auth", StringComparison.OrdinalIgnoreCase)
        && !name.Contains("key", StringComparison.OrdinalIgnoreCase);

    /// <summary>Sends a request and what it leads to; the answer is the last one, its body not yet read.</summary>
    /// <param name="send">Sends one request.</param>
    /// <param name="request">The first request; left to its owner.</param>
    /// <param name="refuse">Makes the failure of a redirect that is not followed.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async Task<HttpResponseMessage> SendAsync(
        Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send,
        HttpRequestMessage request,
        Func<string, Exception> refuse,
        CancellationToken cancellationToken)
    {
        var current = request;
        for (var count = 0; ; count++)
        {
            var response = await send(current, cancellationToken);
            if (!LeadsOn(response, current))
                return response;
            using (response)
            {
                var from = current.RequestUri ?? throw new InvalidOperationException("A request without an address was sent.");
                if (count == Most)
                    throw refuse($"{UrlText.Of(request.RequestUri)} redirects more than {Most} times");
                var next = Next(current, from, Target(response, from, refuse));
                var forGood = response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.PermanentRedirect;
                next.Options.Set(MovedForGood, forGood && (count == 0 || (current.Options.TryGetValue(MovedForGood, out var before) && before)));
                current = next;
            }
        }
    }

    private static bool LeadsOn(HttpResponseMessage response, HttpRequestMessage request) =>
        response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
        && response.Headers.Location is not null
        && (request.Method == HttpMethod.Get || request.Method == HttpMethod.Head);

    private static Uri Target(HttpResponseMessage response, Uri from, Func<string, Exception> refuse)
    {
        var location = response.Headers.Location;
        if (location is null || !Uri.TryCreate(from, location, out var target) || target.Scheme is not ("http" or "https"))
            throw refuse($"{UrlText.Of(from)} redirects to something that is no web address");
        if (from.Scheme == Uri.UriSchemeHttps && target.Scheme == Uri.UriSchemeHttp && !target.IsLoopback)
            throw refuse($"{UrlText.Of(from)} redirects to the unprotected {UrlText.Of(target)}");
        return target;
    }

    private static HttpRequestMessage Next(HttpRequestMessage before, Uri from, Uri target)
    {
        var stays = UrlText.IsSameOrigin(from, target);
        var next = new HttpRequestMessage(before.Method, target) { Version = before.Version, VersionPolicy = before.VersionPolicy };
        foreach (var header in before.Headers.NonValidated)
        {
            if (header.Key.Equals("Host", StringComparison.OrdinalIgnoreCase))
                continue;
            if (stays || MayTravel(header.Key))
                next.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        return next;
    }
}

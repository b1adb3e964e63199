using Dewy.Engine.Proxy.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Dewy.Engine.Proxy.Forwarding;

/// <summary>
/// Tells the application who asked, how, and for which host. The client's address is appended to what came; what a client
/// says of scheme and host is replaced by what is so, and <c>Forwarded</c> (RFC 7239), which would say the same once more in
/// words that are not ours, is taken out.
/// </summary>
internal static class ForwardedHeaders
{
    private const string For = "X-Forwarded-For";
    private const string Proto = "X-Forwarded-Proto";
    private const string Host = "X-Forwarded-Host";
    private const string Forwarded = "Forwarded";

    public static void Set(HttpRequest request, ClientConnection client)
    {
        var headers = request.Headers;
        if (client.RemoteAddress is { } address)
        {
            var before = headers[For];
            headers[For] = before.Count == 0 ? address : string.Concat(before.ToString(), ", ", address);
        }

        headers[Proto] = client.IsTls ? "https" : "http";
        var host = headers.Host;
        if (StringValues.IsNullOrEmpty(host))
            headers.Remove(Host);
        else
            headers[Host] = host;
        headers.Remove(Forwarded);
    }
}

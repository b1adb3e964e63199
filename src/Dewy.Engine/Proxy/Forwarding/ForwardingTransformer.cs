using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace Dewy.Engine.Proxy.Forwarding;

/// <summary>Passes requests and answers on as they came, but for what concerns one hop only (RFC 9110, 7.6.1).</summary>
internal sealed class ForwardingTransformer : HttpTransformer
{
    private static readonly UriCreationOptions AsItCame = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <inheritdoc/>
    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        ArgumentNullException.ThrowIfNull(proxyRequest);
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.RequestUri = new Uri(destinationPrefix + Target(httpContext), AsItCame);

        // The base takes it for one that ends here; it is the browser's, for the application.
        var headers = httpContext.Request.Headers;
        if (headers.UpgradeInsecureRequests is { Count: > 0 } upgradeInsecure)
            proxyRequest.Headers.TryAddWithoutValidation(HeaderNames.UpgradeInsecureRequests, upgradeInsecure.ToString());
        if (headers.Connection is { Count: > 0 } connection && !IsCommon(connection.ToString()))
        {
            foreach (var name in Named(connection))
            {
                if (!proxyRequest.Headers.Remove(name))
                    proxyRequest.Content?.Headers.Remove(name);
            }
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var copyBody = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        if (proxyResponse is not null && proxyResponse.Headers.NonValidated.TryGetValues(HeaderNames.Connection, out var connection) && !IsCommon(connection.ToString()))
        {
            foreach (var name in Named(connection.ToString()))
                httpContext.Response.Headers.Remove(name);
        }

        return copyBody;
    }

    /// <summary>Path and query as the client wrote them; of <c>GET http://host/path</c> without the host.</summary>
    private static string Target(HttpContext context)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (raw.StartsWith('/'))
            return raw;
        var authority = raw.IndexOf("://", StringComparison.Ordinal);
        if (authority < 0)
            return context.Request.Path.ToUriComponent() + context.Request.QueryString.ToUriComponent();
        var path = raw.AsSpan(authority + 3).IndexOfAny('/', '?');
        if (path < 0)
            return "/";
        var target = raw[(authority + 3 + path)..];
        return target.StartsWith('/') ? target : "/" + target;
    }

    /// <summary>The headers that <c>Connection</c> says are for this hop.</summary>
    private static IEnumerable<string> Named(StringValues connection)
    {
        foreach (var name in connection.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            // Named by some clients, never meant: without it there is no request, or no end of one.
            if (!IsCommon(name) && !name.Equals(HeaderNames.Host, StringComparison.OrdinalIgnoreCase) && !name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
                && !name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) && IsToken(name))
            {
                yield return name;
            }
        }
    }

    private static bool IsCommon(string name) =>
        name.Equals("keep-alive", StringComparison.OrdinalIgnoreCase)
        || name.Equals("close", StringComparison.OrdinalIgnoreCase)
        || name.Equals("upgrade", StringComparison.OrdinalIgnoreCase)
        || name.Equals("te", StringComparison.OrdinalIgnoreCase);

    private static bool IsToken(string name) => name.All(character => char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-.^_`|~".Contains(character, StringComparison.Ordinal));
}

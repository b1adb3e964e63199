using Microsoft.AspNetCore.Http;
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
        proxyRequest.RequestUri = new Uri(destinationPrefix + RequestTarget.Of(httpContext), AsItCame);

        // The base takes it for one that ends here; it is the browser's, for the application.
        var headers = httpContext.Request.Headers;
        if (headers.UpgradeInsecureRequests is { Count: > 0 } upgradeInsecure)
            proxyRequest.Headers.TryAddWithoutValidation(HeaderNames.UpgradeInsecureRequests, upgradeInsecure.ToString());
        if (headers.Connection is { Count: > 0 } connection && !HopByHop.IsCommon(connection.ToString()))
        {
            foreach (var name in HopByHop.NamedBy(connection))
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
        if (proxyResponse is not null && proxyResponse.Headers.NonValidated.TryGetValues(HeaderNames.Connection, out var connection) && !HopByHop.IsCommon(connection.ToString()))
        {
            foreach (var name in HopByHop.NamedBy(connection.ToString()))
                httpContext.Response.Headers.Remove(name);
        }

        return copyBody;
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Dewy.Engine.Proxy.Forwarding;

/// <summary>What a request asks for, as it is said to a backend.</summary>
internal static class RequestTarget
{
    /// <summary>Path and query as the client wrote them; of <c>GET http://host/path</c> without the host.</summary>
    public static string Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
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
}

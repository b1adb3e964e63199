using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Dewy.Engine.Proxy.Forwarding;

/// <summary>Whether a request may be asked twice.</summary>
internal static class Repetition
{
    /// <summary>Whether it means the same once or twice (RFC 9110, 9.2.2), and has no body that would be gone.</summary>
    public static bool IsHarmless(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return IsIdempotent(context.Request.Method) && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };
    }

    private static bool IsIdempotent(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsPut(method) || HttpMethods.IsDelete(method) || HttpMethods.IsTrace(method);
}

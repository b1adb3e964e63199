using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Dewy.Engine.Proxy.Http1;

/// <summary>What a request has to send besides its head.</summary>
/// <param name="Framing">How its end is made known to the backend: not as the client did it, but by what is known of it.</param>
/// <param name="Length">Its length where that is known; null where nothing was said of any.</param>
/// <param name="WaitsForConsent">Whether the client sends it only when it is asked to (<c>Expect: 100-continue</c>).</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RequestBody(BodyFraming Framing, long? Length, bool WaitsForConsent)
{
    private const string Consent = "100-continue";

    public static RequestBody Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var length = context.Request.ContentLength;
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            return new RequestBody(BodyFraming.None, length, WaitsForConsent: false);

        // HTTP/1.0 knows nothing of asking (RFC 9110, 10.1.1).
        var headers = context.Request.Headers;
        var waits = headers.Expect is { Count: > 0 } expect
            && string.Equals(expect.ToString(), Consent, StringComparison.OrdinalIgnoreCase)
            && !HttpProtocol.IsHttp10(context.Request.Protocol);

        // With a length there is no place for trailers, which HTTP/2 may send all the same.
        return length is null || headers.ContainsKey(HeaderNames.TransferEncoding) || headers.ContainsKey(HeaderNames.Trailer)
            ? new RequestBody(BodyFraming.Chunked, Length: null, waits)
            : new RequestBody(BodyFraming.Length, length, waits);
    }
}

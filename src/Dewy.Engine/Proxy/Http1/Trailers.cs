using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using Dewy.Engine.Proxy.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Dewy.Engine.Proxy.Http1;

/// <summary>
/// Fields after a body. Many who receive them put them to the others, so that nothing is passed on after the body that would
/// have been acted upon before it: what frames a message, routes or authenticates it, or says how its body is to be
/// understood (RFC 9110, 6.5.1).
/// </summary>
internal static class Trailers
{
    private static readonly FrozenSet<string> Forbidden = new[]
    {
        HeaderNames.ContentLength, HeaderNames.Host, HeaderNames.Trailer, HeaderNames.Expect, HeaderNames.MaxForwards, "Forwarded",
        HeaderNames.Authorization, HeaderNames.WWWAuthenticate, HeaderNames.Cookie, HeaderNames.SetCookie,
        HeaderNames.ContentType, HeaderNames.ContentEncoding, HeaderNames.ContentRange, HeaderNames.Range,
        HeaderNames.CacheControl, HeaderNames.Pragma, HeaderNames.Age, HeaderNames.Expires, HeaderNames.Date, HeaderNames.Location, HeaderNames.RetryAfter, HeaderNames.Vary, HeaderNames.Warning,
        HeaderNames.IfMatch, HeaderNames.IfNoneMatch, HeaderNames.IfModifiedSince, HeaderNames.IfUnmodifiedSince, HeaderNames.IfRange,
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a field may follow a body.</summary>
    public static bool Allow(string name) =>
        !Forbidden.Contains(name) && !HopByHop.Contains(name) && !name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) && name is not [':', ..];

    /// <summary>Writes those of a request, if it has any. The body has been read to its end.</summary>
    /// <returns>False where one of them cannot be said in HTTP/1.1.</returns>
    public static bool TryWrite(IBufferWriter<byte> writer, HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Features.Get<IHttpRequestTrailersFeature>() is not { Available: true, Trailers: { Count: > 0 } trailers })
            return true;
        foreach (var (name, values) in trailers)
        {
            foreach (var value in values)
            {
                if (Allow(name) && !FieldWriter.TryWrite(writer, name, value ?? ""))
                    return false;
            }
        }

        return true;
    }

    /// <summary>Writes those of an answer to a client that speaks HTTP/1.1.</summary>
    public static void Write(IBufferWriter<byte> writer, ChunkDecoder body)
    {
        ArgumentNullException.ThrowIfNull(body);
        foreach (var field in body.Trailers)
        {
            var name = Encoding.Latin1.GetString(field.Name(body.TrailerBytes));
            if (Allow(name))
                FieldWriter.TryWrite(writer, name, Encoding.Latin1.GetString(field.Value(body.TrailerBytes)));
        }
    }

    /// <summary>Gives those of an answer to a client whose protocol has a place of its own for them.</summary>
    public static void Append(HttpResponse response, ChunkDecoder body)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(body);
        if (body.Trailers.Count == 0 || !response.SupportsTrailers())
            return;
        foreach (var field in body.Trailers)
        {
            var name = Encoding.Latin1.GetString(field.Name(body.TrailerBytes));
            if (Allow(name))
                response.AppendTrailer(name, Encoding.Latin1.GetString(field.Value(body.TrailerBytes)));
        }
    }
}

using System.Buffers;
using Dewy.Engine.Proxy.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Dewy.Engine.Proxy.Http1;

/// <summary>
/// Request line and fields as a backend gets them. How the body ends is said anew, and what could end a line or a message
/// where it should not is refused: HTTP/2 has room for characters that mean something else here.
/// </summary>
internal static class RequestHead
{
    /// <summary>Writes it.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="context">The request, its forwarded headers set.</param>
    /// <param name="body">What follows it.</param>
    /// <param name="host">The backend's own name, for a client that names none.</param>
    /// <returns>False where it holds something that HTTP/1.1 cannot say.</returns>
    public static bool TryWrite(IBufferWriter<byte> writer, HttpContext context, RequestBody body, string host)
    {
        ArgumentNullException.ThrowIfNull(context);
        var request = context.Request;
        var headers = request.Headers;
        var target = RequestTarget.Of(context);
        if (target.Length == 0)
            target = HttpMethods.IsOptions(request.Method) ? "*" : "/";
        var name = headers.Host.ToString();
        if (!FieldWriter.TryWriteRequestLine(writer, request.Method, target) || !FieldWriter.TryWrite(writer, HeaderNames.Host, name.Length == 0 ? host : name))
            return false;

        var named = headers.Connection is { Count: > 0 } connection && !HopByHop.IsCommon(connection.ToString()) ? HopByHop.NamedBy(connection).ToArray() : [];
        foreach (var (field, values) in headers)
        {
            if (IsPassedOn(field, named) && !TryWrite(writer, field, values))
                return false;
        }

        if (AcceptsTrailers(headers))
            writer.Write("TE: trailers\r\nConnection: TE\r\n"u8);
        if (body.WaitsForConsent)
            writer.Write("Expect: 100-continue\r\n"u8);
        if (body.Framing == BodyFraming.Chunked)
            writer.Write("Transfer-Encoding: chunked\r\n"u8);
        else if (body.Length is { } length)
            FieldWriter.WriteLength(writer, length);
        writer.Write("\r\n"u8);
        return true;
    }

    private static bool IsPassedOn(string name, string[] named) =>
        !HopByHop.Contains(name)
        && name is not [':', ..] // what HTTP/2 has instead of a request line
        && !name.Equals(HeaderNames.Host, StringComparison.OrdinalIgnoreCase)
        && !name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase)
        && !name.Equals(HeaderNames.Expect, StringComparison.OrdinalIgnoreCase)
        && (named.Length == 0 || !named.Contains(name, StringComparer.OrdinalIgnoreCase));

    private static bool TryWrite(IBufferWriter<byte> writer, string name, StringValues values)
    {
        if (values.Count == 1)
            return FieldWriter.TryWrite(writer, name, values.ToString());

        // HTTP/2 may send the parts of this one apart from each other (RFC 9113, 8.2.3); here there must be one.
        if (name.Equals(HeaderNames.Cookie, StringComparison.OrdinalIgnoreCase))
            return FieldWriter.TryWrite(writer, name, string.Join("; ", values.AsEnumerable()));
        foreach (var value in values)
        {
            if (!FieldWriter.TryWrite(writer, name, value ?? ""))
                return false;
        }

        return true;
    }

    private static bool AcceptsTrailers(IHeaderDictionary headers) =>
        headers.TE is { Count: > 0 } te && te.ToString().Split(',', StringSplitOptions.TrimEntries).Contains("trailers", StringComparer.OrdinalIgnoreCase);
}

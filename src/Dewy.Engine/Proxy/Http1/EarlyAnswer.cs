using System.Buffers;
using System.Text;
using Dewy.Engine.Proxy.Forwarding;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Dewy.Engine.Proxy.Http1;

/// <summary>
/// Passes on what a backend says before its answer (1xx), such as which files a page will need (103, RFC 8297). The server
/// has no word for it: it is written to the client's connection past the server, which has nothing to write itself until the
/// answer begins. To HTTP/2, where the connection is shared, nothing can be written so.
/// </summary>
internal static class EarlyAnswer
{
    /// <returns>False where the client has gone.</returns>
    public static async ValueTask<bool> PassOnAsync(HttpContext context, BackendConnection connection)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(connection);
        if (!HttpProtocol.IsHttp11(context.Request.Protocol) || context.Features.Get<IConnectionTransportFeature>()?.Transport.Output is not { } client)
            return true;
        Write(client, connection.Head, connection.Reader.Unread.Span);
        var flushed = await client.FlushAsync(connection.Broken);
        return !flushed.IsCompleted && !flushed.IsCanceled;
    }

    private static void Write(IBufferWriter<byte> client, AnswerHead head, ReadOnlySpan<byte> bytes)
    {
        client.Write("HTTP/1.1 "u8);
        client.Write(Encoding.Latin1.GetBytes($"{head.Status} "));
        client.Write(bytes[head.Reason]);
        client.Write("\r\n"u8);
        foreach (var field in head.Fields)
        {
            var name = Encoding.Latin1.GetString(field.Name(bytes));
            if (!HopByHop.Contains(name))
                FieldWriter.TryWrite(client, name, Encoding.Latin1.GetString(field.Value(bytes)));
        }

        client.Write("\r\n"u8);
    }
}

using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Dewy.Engine.Proxy.Connections;

/// <summary>
/// Tells HTTP/2 with prior knowledge from HTTP/1.1 on a port without TLS, by how the connection begins (RFC 9113, 3.4: no
/// HTTP/1.1 request begins with the method PRI). Kestrel itself takes such a port for HTTP/1.1 only.
/// </summary>
internal sealed class ProtocolDetection(HandedOverListener http2, ProxyLimits limits, TimeProvider time, ConnectionDelegate http1)
{
    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    public async Task OnConnectionAsync(ConnectionContext connection)
    {
        if (await SpeaksHttp2Async(connection) is not { } speaksHttp2)
            return;
        if (speaksHttp2)
            await http2.ServeAsync(connection);
        else
            await http1(connection);
    }

    /// <returns>Null where the connection ended before it said anything, or had to.</returns>
    private async Task<bool?> SpeaksHttp2Async(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        if (input.TryRead(out var early))
        {
            var known = Judge(early.Buffer, early.IsCompleted);
            input.AdvanceTo(early.Buffer.Start, known is null ? early.Buffer.End : early.Buffer.Start);
            if (known is not null)
                return known;
            if (early.IsCompleted)
                return null;
        }

        using var over = new CancellationTokenSource(limits.HeaderTimeout, time);
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(over.Token, stopping, connection.ConnectionClosed);
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(limit.Token);
                var known = Judge(read.Buffer, read.IsCompleted);
                input.AdvanceTo(read.Buffer.Start, known is null ? read.Buffer.End : read.Buffer.Start);
                if (known is not null)
                    return known;
                if (read.IsCompleted)
                    return null;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            return null;
        }
    }

    private static bool? Judge(ReadOnlySequence<byte> buffer, bool isCompleted)
    {
        if (buffer.IsEmpty)
            return null;
        Span<byte> first = stackalloc byte[24];
        var length = (int)Math.Min(buffer.Length, first.Length);
        buffer.Slice(0, length).CopyTo(first);
        if (!first[..length].SequenceEqual(Preface[..length]))
            return false;
        return length == Preface.Length ? true : isCompleted ? false : null;
    }
}

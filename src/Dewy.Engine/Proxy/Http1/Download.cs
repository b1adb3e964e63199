using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Dewy.Engine.Proxy.Http1;

/// <summary>
/// The body of an answer on its way to the client, each piece as it comes. The backend is read no faster than the client takes
/// it: what is here at once is one piece and what the server has to send.
/// </summary>
internal sealed class Download(BackendConnection connection, HttpContext context)
{
    /// <summary>Pieces in a row for which nothing was waited before the thread is left to others.</summary>
    private const int MostAtOnce = 4;

    private readonly PipeWriter _client = context.Response.BodyWriter;
    private readonly SocketReader _backend = connection.Reader;
    private int _atOnce;

    /// <summary>Copies it. The head of the answer is set, and goes out with the first bytes of the body where they are there.</summary>
    /// <param name="framing">How its end is known.</param>
    /// <param name="length">Its length where that is how.</param>
    /// <param name="ownChunks">Whether the client gets it in chunks that are made here, so that trailers can follow.</param>
    public ValueTask<DownloadResult> CopyAsync(BodyFraming framing, long length, bool ownChunks) => framing switch
    {
        BodyFraming.None => ValueTask.FromResult(DownloadResult.Complete),
        BodyFraming.Length => CopyPlainAsync(length),
        BodyFraming.UntilEnd => CopyPlainAsync(left: null),
        _ when ownChunks => CopyToChunksAsync(),
        _ => CopyFromChunksAsync(),
    };

    private async ValueTask<DownloadResult> CopyPlainAsync(long? left)
    {
        while (left is not 0)
        {
            var piece = _backend.Unread;
            if (piece.IsEmpty)
            {
                if (await ReadAsync())
                    continue;
                var isEnd = left is null && _backend.Failure == SocketError.Success && connection.Cause == BreakCause.None;
                return isEnd ? DownloadResult.Complete : DownloadResult.Broken;
            }

            if (piece.Length > left)
                piece = piece[..(int)left.Value];
            if (!await WriteAsync(piece))
                return DownloadResult.ClientGone;
            _backend.Consume(piece.Length);
            left -= piece.Length;
        }

        return DownloadResult.Complete;
    }

    /// <summary>For protocols that frame bodies by themselves, or not at all.</summary>
    private async ValueTask<DownloadResult> CopyFromChunksAsync()
    {
        var chunks = connection.Chunks;
        while (!chunks.IsDone)
        {
            var received = _backend.Unread;
            if (received.IsEmpty)
            {
                if (!await ReadAsync())
                    return DownloadResult.Broken;
                continue;
            }

            var taken = chunks.Read(received.Span, out var data);
            if (chunks.IsMalformed)
                return DownloadResult.Malformed;
            if (!received[data].IsEmpty && !await WriteAsync(received[data]))
                return DownloadResult.ClientGone;
            _backend.Consume(taken);
        }

        Trailers.Append(context.Response, chunks);
        return DownloadResult.Complete;
    }

    /// <summary>
    /// Chunks to chunks. The server would make its own of what it is given, but has no place for trailers then; said that the
    /// body is in chunks already, it passes it on as it is.
    /// </summary>
    private async ValueTask<DownloadResult> CopyToChunksAsync()
    {
        var chunks = connection.Chunks;
        while (!chunks.IsDone)
        {
            if (_backend.Unread.IsEmpty && !await ReadAsync())
                return DownloadResult.Broken;
            while (!_backend.Unread.IsEmpty && !chunks.IsDone)
            {
                var received = _backend.Unread;
                var taken = chunks.Read(received.Span, out var data);
                if (chunks.IsMalformed)
                    return DownloadResult.Malformed;
                if (!context.Response.HasStarted)
                    await context.Response.StartAsync(connection.Broken); // what is written is not put into chunks again from here
                if (!received[data].IsEmpty)
                    ChunkWriter.Write(_client, received.Span[data]);
                _backend.Consume(taken);
            }

            if (chunks.IsDone)
            {
                ChunkWriter.WriteLast(_client);
                Trailers.Write(_client, chunks);
                _client.Write("\r\n"u8);
            }

            if (!await FlushAsync())
                return DownloadResult.ClientGone;
        }

        return DownloadResult.Complete;
    }

    /// <summary>Waits for more. What there is goes to the client before, or it would wait for it as long.</summary>
    private async ValueTask<bool> ReadAsync()
    {
        var reading = _backend.ReadAsync();
        _atOnce = reading.IsCompleted ? _atOnce + 1 : 0;
        if (_atOnce == MostAtOnce)
        {
            _atOnce = 0;
            await Task.Yield();
        }

        if (!reading.IsCompleted && !context.Response.HasStarted)
            await StartAsync();
        var came = await reading; // in any case: its memory is in use until then
        connection.Moved();
        return came;
    }

    private async ValueTask StartAsync()
    {
        try
        {
            if (await FlushAsync())
                return;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The client is gone: there is nothing to wait for.
        }

        connection.Break(BreakCause.Client);
    }

    private async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> piece) => Took(await _client.WriteAsync(piece, connection.Broken));

    private async ValueTask<bool> FlushAsync() => Took(await _client.FlushAsync(connection.Broken));

    private bool Took(FlushResult flushed)
    {
        connection.Moved();
        return !flushed.IsCompleted && !flushed.IsCanceled;
    }
}

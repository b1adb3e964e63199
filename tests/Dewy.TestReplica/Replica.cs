using System.Buffers.Binary;
using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace Dewy.TestReplica;

/// <summary>Answers each kind of exchange a proxy must not lose.</summary>
/// <param name="version">Told in every answer.</param>
internal sealed class Replica(string version)
{
    private const int ChunkBytes = 16 << 10;

    public Task AnswerAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/download" => DownloadAsync(context),
        "/upload" => UploadAsync(context),
        "/stream" => StreamAsync(context),
        "/socket" => TalkAsync(context),
        "/replica.Replica/Watch" => WatchAsync(context),
        _ => context.Response.WriteAsync(version, context.RequestAborted),
    };

    /// <summary>So many bytes of the pattern, with a pause after each chunk.</summary>
    private async Task DownloadAsync(HttpContext context)
    {
        var (length, pause) = (Number(context, "bytes"), Number(context, "pause"));
        context.Response.ContentLength = length;
        context.Response.Headers["Version"] = version;
        var chunk = new byte[ChunkBytes];
        for (var sent = 0; sent < length; sent += chunk.Length)
        {
            var count = Math.Min(chunk.Length, length - sent);
            Pattern.Fill(chunk.AsSpan(0, count), sent);
            await context.Response.Body.WriteAsync(chunk.AsMemory(0, count), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(pause, context.RequestAborted);
        }
    }

    /// <summary>Tells how many bytes came, and which.</summary>
    private async Task UploadAsync(HttpContext context)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[ChunkBytes];
        var length = 0L;
        for (int read; (read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0; length += read)
            hash.AppendData(buffer, 0, read);
        await context.Response.WriteAsync($"{version} {length} {Convert.ToHexStringLower(hash.GetHashAndReset())}", context.RequestAborted);
    }

    /// <summary>So many lines, one after the other.</summary>
    private async Task StreamAsync(HttpContext context)
    {
        var (count, pause) = (Number(context, "count"), Number(context, "pause"));
        for (var line = 1; line <= count; line++)
        {
            await context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{version} {line}\n"), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(pause, context.RequestAborted);
        }
    }

    /// <summary>Answers each text of a WebSocket until its client has had enough.</summary>
    private async Task TalkAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { MessageType: WebSocketMessageType.Text } heard)
            await socket.SendAsync(Encoding.UTF8.GetBytes($"{version} {Encoding.UTF8.GetString(buffer, 0, heard.Count)}"), WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, version, context.RequestAborted);
    }

    /// <summary>A gRPC call answered with a stream, as the protocol has it on the wire: length-prefixed messages, then the status as a trailer.</summary>
    private async Task WatchAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        var request = new byte[9]; // the prefix of five bytes, the number of messages, the pause in milliseconds
        await context.Request.Body.ReadExactlyAsync(request, context.RequestAborted);
        int count = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(5)), pause = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(7));
        for (var number = 1; number <= count; number++)
        {
            var text = Encoding.UTF8.GetBytes($"{version} {number}");
            var message = new byte[5 + text.Length];
            BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), text.Length);
            text.CopyTo(message, 5);
            await context.Response.Body.WriteAsync(message, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(pause, context.RequestAborted);
        }

        context.Response.AppendTrailer("grpc-status", "0");
    }

    private static int Number(HttpContext context, string name) => int.Parse(context.Request.Query[name].ToString(), CultureInfo.InvariantCulture);
}

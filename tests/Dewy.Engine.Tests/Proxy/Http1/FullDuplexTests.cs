using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Dewy.Engine.Tests.Proxy.Http1;

/// <summary>Requests and answers that are under way at the same time.</summary>
public sealed class FullDuplexTests
{
    private const int EchoBytes = 64 << 20;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Far more than the buffers on the way hold: whoever waits for one direction to end before the other begins waits for ever.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_EchoOfALargeBody_GoesBothWaysAtOnce(bool inChunks)
    {
        await using var backend = await TestBackend.StartAsync(EchoAsync);
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var client = await proxy.ConnectAsync(Cancelled);
        await client.SendAsync($"POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{(inChunks ? "Transfer-Encoding: chunked" : $"Content-Length: {EchoBytes}")}\r\n\r\n", Cancelled);
        var sending = SendAsync(client.Socket, inChunks);
        var received = await CountAsync(client.Socket);
        await sending;
        Assert.Equal(EchoBytes, received);
        Assert.Equal(0, proxy.Server.GetStatus("p").Failures);
    }

    [Fact]
    public async Task Post_ConversationOverHttp2_GoesBothWays()
    {
        await using var backend = await TestBackend.StartAsync(EchoAsync);
        await using var proxy = await RunningProxy.StartAsync(backend);
        var content = new ConversationContent();
        using var request = new HttpRequestMessage(HttpMethod.Post, proxy.Address) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content };
        var answering = proxy.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        var sender = await content.Stream.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        await SayAsync(sender, "hello");
        using var answer = await answering;
        await using var body = await answer.Content.ReadAsStreamAsync(Cancelled);
        foreach (var word in new[] { "hello", "again!" })
        {
            if (word == "again!")
                await SayAsync(sender, word);
            var heard = new byte[word.Length];
            await body.ReadExactlyAsync(heard, Cancelled);
            Assert.Equal(word, System.Text.Encoding.ASCII.GetString(heard));
        }

        content.End.SetResult();
        Assert.Equal(0, await body.ReadAsync(new byte[1], Cancelled));
    }

    /// <summary>An application may say all it has to say and go on listening.</summary>
    [Fact]
    public async Task Post_AnsweredBeforeItsEnd_TheRestStillComes()
    {
        var received = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            context.Response.ContentLength = 2;
            await context.Response.WriteAsync("ok", Cancelled);
            await context.Response.CompleteAsync();
            var length = 0L;
            var buffer = new byte[64 * 1024];
            for (int read; (read = await context.Request.Body.ReadAsync(buffer, Cancelled)) > 0; length += read)
            {
            }

            received.SetResult(length);
        });
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var client = await proxy.ConnectAsync(Cancelled);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\nbegin", Cancelled);
        Assert.EndsWith("\r\n\r\nok", await client.ReadUntilAsync("ok", Cancelled), StringComparison.Ordinal);
        await client.SendAsync(new string('x', 3_000_000 - 5), Cancelled);
        Assert.Equal(3_000_000, await received.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n", Cancelled); // and the client's connection goes on
        await client.ReadUntilAsync("\r\n\r\nokHTTP/1.1 200", Cancelled);
    }

    private static async Task EchoAsync(HttpContext context)
    {
        while (true)
        {
            var read = await context.Request.BodyReader.ReadAsync(context.RequestAborted);
            foreach (var part in read.Buffer)
                await context.Response.Body.WriteAsync(part, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return;
        }
    }

    private static async Task SendAsync(Socket socket, bool inChunks)
    {
        var block = new byte[64 * 1024];
        Array.Fill(block, (byte)'x');
        for (var sent = 0; sent < EchoBytes; sent += block.Length)
        {
            if (inChunks)
                await SendAllAsync("10000\r\n"u8.ToArray());
            await SendAllAsync(block);
            if (inChunks)
                await SendAllAsync("\r\n"u8.ToArray());
        }

        if (inChunks)
            await SendAllAsync("0\r\n\r\n"u8.ToArray());

        async Task SendAllAsync(ReadOnlyMemory<byte> bytes)
        {
            while (!bytes.IsEmpty)
                bytes = bytes[await socket.SendAsync(bytes, Cancelled)..];
        }
    }

    /// <summary>Counts the bytes that the sender's were, among all that is around them.</summary>
    private static async Task<long> CountAsync(Socket socket)
    {
        var buffer = new byte[256 * 1024];
        var count = 0L;
        for (int read; (read = await socket.ReceiveAsync(buffer, Cancelled)) > 0;)
            count += buffer.AsSpan(0, read).Count((byte)'x');
        return count;
    }

    private static async Task SayAsync(Stream stream, string word)
    {
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(word), Cancelled);
        await stream.FlushAsync(Cancelled);
    }

    private sealed class ConversationContent : HttpContent
    {
        public TaskCompletionSource<Stream> Stream { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            Stream.SetResult(stream);
            await End.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;
using Xunit;

namespace Dewy.Engine.Tests.Proxy;

public sealed class WebSocketTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Versions => ["1.1", "2.0"];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task WebSocket_Messages_GoBothWays(string version)
    {
        await using var backend = await EchoAsync(new WebSocketLog());
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var socket = await ConnectAsync(proxy, version);
        foreach (var length in new[] { 1, 200, 100_000 })
        {
            var text = new string('x', length);
            await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, Cancelled);
            Assert.Equal(text, await ReceiveAsync(socket));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", Cancelled);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Drain_OpenWebSocket_BothSidesAreToldAndNothingIsCut(string version)
    {
        var log = new WebSocketLog();
        await using var backend = await EchoAsync(log);
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var socket = await ConnectAsync(proxy, version);
        await socket.SendAsync("before"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Cancelled);
        Assert.Equal("before", await ReceiveAsync(socket));

        var drain = proxy.Backends.DrainAsync("b0", TimeSpan.FromSeconds(60), Cancelled);
        var received = await socket.ReceiveAsync(new byte[100], Cancelled);
        Assert.Equal(WebSocketMessageType.Close, received.MessageType);
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus); // 1001
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancelled);

        Assert.Equal(WebSocketCloseStatus.NormalClosure, await log.Closed.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
        Assert.Equal(0, await drain.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
    }

    [Fact]
    public async Task Drain_ClientThatDoesNotAnswer_ServerIsToldInItsName()
    {
        var log = new WebSocketLog();
        await using var backend = await EchoAsync(log);
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var socket = await ConnectAsync(proxy, "1.1");
        await socket.SendAsync("before"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Cancelled);
        Assert.Equal("before", await ReceiveAsync(socket));

        var drain = proxy.Backends.DrainAsync("b0", TimeSpan.FromSeconds(10), Cancelled);
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, await log.Closed.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
        Assert.Equal(0, await drain.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
    }

    [Fact]
    public async Task Drain_InTheMiddleOfAServersFrame_TheFrameIsFinishedFirst()
    {
        var half = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            // A frame of ten bytes in two pieces, and a second one.
            context.Response.Headers.SecWebSocketAccept = "any";
            await using var raw = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
            await raw.WriteAsync((byte[])[0x81, 10, .. "half-"u8], Cancelled);
            await half.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
            await raw.WriteAsync((byte[])[.. "whole"u8, 0x81, 3, .. "no!"u8], Cancelled);
            Assert.NotEqual(0, await raw.ReadAsync(new byte[100], Cancelled)); // the client's close frame
        });
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var client = await proxy.ConnectAsync(Cancelled);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n", Cancelled);
        await client.ReadUntilAsync("half-", Cancelled);
        var drain = proxy.Backends.DrainAsync("b0", TimeSpan.FromSeconds(60), Cancelled);
        half.SetResult();
        const string GoingAway = "\u0088\u0002\u0003\u00e9";
        var received = await client.ReadUntilAsync(GoingAway, Cancelled);
        Assert.Matches($"half-whole(\u0081\u0003no!)?{GoingAway}$", received);
        await client.SendAsync("\u0088\u0080\0\0\0\0", Cancelled);
        Assert.Equal(0, await drain.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
    }

    [Fact]
    public async Task Drain_SideThatNeverCloses_IsCutAtTheLimitAndCounted()
    {
        var accepted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = await TestBackend.StartAsync(
            application =>
            {
                application.UseWebSockets();
                application.Run(async context =>
                {
                    using var socket = await context.WebSockets.AcceptWebSocketAsync();
                    accepted.SetResult();
                    await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default); // listens to nobody
                });
            },
            _ => { });
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var socket = await ConnectAsync(proxy, "1.1");
        await accepted.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        Assert.Equal(1, await proxy.Backends.DrainAsync("b0", TimeSpan.FromSeconds(1), Cancelled));
    }

    [Fact]
    public async Task Stop_OpenWebSocket_IsToldToo()
    {
        var log = new WebSocketLog();
        await using var backend = await EchoAsync(log);
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var socket = await ConnectAsync(proxy, "1.1");
        var stop = proxy.Server.StopAsync(Cancelled);
        Assert.Equal(WebSocketMessageType.Close, (await socket.ReceiveAsync(new byte[100], Cancelled)).MessageType);
        await socket.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, null, Cancelled);
        Assert.Equal(0, await stop.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, await log.Closed.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
    }

    private static Task<TestBackend> EchoAsync(WebSocketLog log) => TestBackend.StartAsync(
        application =>
        {
            application.UseWebSockets();
            application.Run(async context =>
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                var buffer = new byte[8192];
                while (true)
                {
                    var received = await socket.ReceiveAsync(buffer, context.RequestAborted);
                    if (received.MessageType == WebSocketMessageType.Close)
                        break;
                    await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
                }

                log.Closed.TrySetResult(socket.CloseStatus);
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
            });
        },
        _ => { });

    private static async Task<ClientWebSocket> ConnectAsync(RunningProxy proxy, string version)
    {
        var socket = new ClientWebSocket();
        socket.Options.HttpVersion = Version.Parse(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false }, disposeHandler: false);
        await socket.ConnectAsync(new UriBuilder(proxy.Address) { Scheme = "ws" }.Uri, invoker, Cancelled);
        return socket;
    }

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[8192];
        var text = new StringBuilder();
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, Cancelled);
            text.Append(Encoding.UTF8.GetString(buffer, 0, received.Count));
            if (received.EndOfMessage)
                return text.ToString();
        }
    }

    private sealed class WebSocketLog
    {
        public TaskCompletionSource<WebSocketCloseStatus?> Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

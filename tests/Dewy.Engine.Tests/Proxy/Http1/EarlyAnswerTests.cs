using System.Net;
using System.Net.Sockets;
using Dewy.Engine.Tests.Proxy.Tcp;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Proxy.Http1;

/// <summary>Answers that come before the request has been sent, or before the answer proper.</summary>
public sealed class EarlyAnswerTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>A client in the middle of a large upload is told why the application does not want it, though that has closed the connection.</summary>
    [Theory]
    [InlineData("413 Payload Too Large", false)]
    [InlineData("401 Unauthorized", true)]
    [InlineData("302 Found", true)]
    public async Task Upload_AnsweredAndClosed_TheAnswerComes(string status, bool withReset)
    {
        await using var backend = new TcpBackend(async socket =>
        {
            using var connection = new RawConnection(socket);
            if (!(await connection.ReadUntilAsync("\r\n\r\n", Cancelled)).Contains("\r\n\r\n", StringComparison.Ordinal))
                return; // a health check
            await connection.SendAsync($"HTTP/1.1 {status}\r\nContent-Length: 3\r\nConnection: close\r\n\r\nwhy", Cancelled);
            if (withReset)
                return; // with what was sent unread, the end is a reset
            socket.Shutdown(SocketShutdown.Send);
            await Task.WhenAny(connection.ReadToEndAsync(Cancelled), Task.Delay(TimeSpan.FromSeconds(1), Cancelled));
        });
        await using var proxy = await RunningProxy.StartAsync();
        proxy.Backends.Add("raw", [backend.EndPoint]);
        using var client = await proxy.ConnectAsync(Cancelled);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\n", Cancelled);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var sending = SendAsync(client, enough.Token);
        Assert.Contains($"HTTP/1.1 {status}", await client.ReadUntilAsync("why", Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Cancelled), StringComparison.Ordinal);
        await enough.CancelAsync();
        await sending;
        Assert.Equal(0, proxy.Server.GetStatus("p").Failures);
    }

    [Fact]
    public async Task Upload_ConnectionLostWithoutAnAnswer_Is502()
    {
        await using var backend = new TcpBackend(async socket =>
        {
            var buffer = new byte[1024];
            if (await socket.ReceiveAsync(buffer) > 0)
                TcpBackend.Reset(socket);
        });
        await using var proxy = await RunningProxy.StartAsync();
        proxy.Backends.Add("raw", [backend.EndPoint]);
        using var answer = await proxy.Client.PostAsync(proxy.Address, new ByteArrayContent(new byte[10_000_000]), Cancelled);
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        await Eventually.IsTrueAsync(() => proxy.Backends.Current[0].Failures == 1, "it was counted");
    }

    [Theory]
    [InlineData("1.1", "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nLink: </b.js>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\n")]
    [InlineData("1.0", "HTTP/1.1 200 OK\r\n")] // which knows nothing of such answers
    public async Task Get_EarlyHints_ArePassedOn(string version, string expected)
    {
        await using var backend = AnsweringBackend.Start("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nConnection: keep-alive\r\nLink: </b.js>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody");
        await using var proxy = await RunningProxy.StartAsync();
        proxy.Backends.Add("raw", [backend.EndPoint]);
        using var client = await proxy.ConnectAsync(Cancelled);
        for (var number = 0; number < 2; number++)
        {
            using var again = await proxy.ConnectAsync(Cancelled);
            await again.SendAsync($"GET / HTTP/{version}\r\nHost: h\r\nConnection: close\r\n\r\n", Cancelled);
            Assert.StartsWith(expected, await again.ReadToEndAsync(Cancelled), StringComparison.Ordinal);
        }
    }

    /// <summary>Hints are of use only while the answer is awaited.</summary>
    [Fact]
    public async Task Get_EarlyHints_DoNotWaitForTheAnswer()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = new TcpBackend(async socket =>
        {
            using var connection = new RawConnection(socket);
            if (!(await connection.ReadUntilAsync("\r\n\r\n", Cancelled)).EndsWith("\r\n\r\n", StringComparison.Ordinal))
                return; // a health check
            await connection.SendAsync("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n", Cancelled);
            await go.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody", Cancelled);
            await connection.ReadToEndAsync(Cancelled);
        });
        await using var proxy = await RunningProxy.StartAsync();
        proxy.Backends.Add("raw", [backend.EndPoint]);
        using var client = await proxy.ConnectAsync(Cancelled);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n", Cancelled);
        Assert.Equal("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n", await client.ReadUntilAsync("\r\n\r\n", Cancelled));
        go.SetResult();
        Assert.EndsWith("body", await client.ReadUntilAsync("body", Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_EarlyHintsOverHttp2_AnswerComesWithoutThem()
    {
        await using var backend = AnsweringBackend.Start("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody");
        await using var proxy = await RunningProxy.StartAsync();
        proxy.Backends.Add("raw", [backend.EndPoint]);
        using var request = new HttpRequestMessage(HttpMethod.Get, proxy.Address) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var answer = await proxy.Client.SendAsync(request, Cancelled);
        Assert.Equal("body", await answer.Content.ReadAsStringAsync(Cancelled));
        Assert.False(answer.Headers.Contains("Link"));
    }

    [Fact]
    public async Task Post_ContinueThatNobodyAskedFor_IsNotPassedOn()
    {
        await using var backend = AnsweringBackend.Start("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody");
        await using var proxy = await RunningProxy.StartAsync();
        proxy.Backends.Add("raw", [backend.EndPoint]);
        using var client = await proxy.ConnectAsync(Cancelled);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi", Cancelled);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", await client.ReadToEndAsync(Cancelled), StringComparison.Ordinal);
    }

    /// <summary>A backend that knows nothing of asking gets the body after a while.</summary>
    [Fact]
    public async Task Post_ExpectsContinueThatNeverComes_BodyIsSentAllTheSame()
    {
        await using var backend = new TcpBackend(async socket =>
        {
            using var connection = new RawConnection(socket);
            if ((await connection.ReadUntilAsync("\r\n\r\nhello", Cancelled)).Contains("\r\nExpect: 100-continue\r\n", StringComparison.Ordinal))
                await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody", Cancelled);
        });
        await using var proxy = await RunningProxy.StartAsync();
        proxy.Backends.Add("raw", [backend.EndPoint]);
        using var client = await proxy.ConnectAsync(Cancelled);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n", Cancelled);
        Assert.StartsWith("HTTP/1.1 100 Continue\r\n\r\n", await client.ReadUntilAsync("\r\n\r\n", Cancelled), StringComparison.Ordinal);
        await client.SendAsync("hello", Cancelled);
        Assert.Contains("\r\n\r\nHTTP/1.1 200 OK\r\n", await client.ReadToEndAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ExpectsContinueAndIsRefused_BodyIsNeverAskedForNorSent()
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = new TcpBackend(async socket =>
        {
            using var connection = new RawConnection(socket);
            if (!(await connection.ReadUntilAsync("\r\n\r\n", Cancelled)).EndsWith("\r\n\r\n", StringComparison.Ordinal))
                return; // a health check
            await connection.SendAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno", Cancelled);
            var all = await connection.ReadToEndAsync(Cancelled);
            seen.TrySetResult(all[(all.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        });
        await using var proxy = await RunningProxy.StartAsync();
        proxy.Backends.Add("raw", [backend.EndPoint]);
        using var client = await proxy.ConnectAsync(Cancelled);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n", Cancelled);
        Assert.StartsWith("HTTP/1.1 403 Forbidden\r\n", await client.ReadUntilAsync("no", Cancelled), StringComparison.Ordinal);
        Assert.Equal("", await seen.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
    }

    /// <summary>Sends until it cannot any more, or need not.</summary>
    private static async Task SendAsync(RawConnection client, CancellationToken enough)
    {
        var block = new byte[64 * 1024];
        try
        {
            while (true)
                await client.Socket.SendAsync(block, enough);
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It need not.
        }
    }
}

using System.Net;
using Dewy.Engine.Proxy;
using Dewy.Tests;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Dewy.Engine.Tests.Proxy;

public sealed class LimitTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Send_BodyTooLarge_Is413(bool chunked)
    {
        var read = 0L;
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, Cancelled);
            Interlocked.Increment(ref read);
        });
        await using var proxy = await RunningProxy.StartAsync(RunningProxy.Options() with { MaximumRequestBody = 1000 }, backend);
        using var request = new HttpRequestMessage(HttpMethod.Post, proxy.Address) { Content = new ByteArrayContent(new byte[5000]) };
        request.Headers.TransferEncodingChunked = chunked;
        using var answer = await proxy.Client.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal(0, read);
        using var small = await proxy.Client.PostAsync(proxy.Address, new ByteArrayContent(new byte[1000]), Cancelled);
        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
        Assert.Equal(0, proxy.Server.GetStatus("p").Failures);
    }

    [Theory]
    [InlineData("")]
    [InlineData("G")]
    [InlineData("P")]
    [InlineData("GET / HTTP/1.1\r\nHost: h\r\n")]
    public async Task Connect_HeadersThatNeverEnd_ConnectionIsClosed(string begun)
    {
        await using var backend = await TestBackend.StartNamedAsync("b");
        await using var proxy = await RunningProxy.StartAsync(RunningProxy.Options(), new ProxyLimits { HeaderTimeout = TimeSpan.FromSeconds(1) }, backend);
        using var client = await proxy.ConnectAsync(Cancelled);
        await client.SendAsync(begun, Cancelled);
        await client.ReadToEndAsync(Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        await Eventually.IsTrueAsync(() => proxy.Server.GetStatus("p").Connections == 0, "the connection was given up");
    }

    [Fact]
    public async Task Send_BodyThatComesTooSlowly_IsGivenUp()
    {
        await using var backend = await TestBackend.StartAsync(context => context.Request.Body.CopyToAsync(Stream.Null, Cancelled));
        await using var proxy = await RunningProxy.StartAsync(RunningProxy.Options(), new ProxyLimits { SlowGrace = TimeSpan.FromSeconds(1.5) }, backend);
        using var client = await proxy.ConnectAsync(Cancelled);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nslow", Cancelled);
        Assert.StartsWith("HTTP/1.1 408", await client.ReadToEndAsync(Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(101, 10, 431)]
    [InlineData(2, 20_000, 431)]
    [InlineData(90, 10, 200)]
    public async Task Send_TooManyHeaders_Are431(int count, int length, int status)
    {
        await using var backend = await TestBackend.StartAsync(
            application => Microsoft.AspNetCore.Builder.RunExtensions.Run(application, _ => Task.CompletedTask),
            _ => { });
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var client = await proxy.ConnectAsync(Cancelled);
        var headers = string.Concat(Enumerable.Range(0, count).Select(number => $"X-{number}: {new string('x', length)}\r\n"));
        await client.SendAsync($"GET / HTTP/1.1\r\nHost: h\r\n{headers}\r\n", Cancelled);
        Assert.StartsWith($"HTTP/1.1 {status}", await client.ReadUntilAsync("\r\n\r\n", Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_BackendThatDoesNotAnswer_IsIdleTooLong()
    {
        await using var backend = await TestBackend.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var proxy = await RunningProxy.StartAsync(RunningProxy.Options() with { IdleTimeout = TimeSpan.FromSeconds(0.5) }, backend);
        using var answer = await proxy.Client.GetAsync(proxy.Address, Cancelled);
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
    }

    [Fact]
    public async Task Connect_MoreThanTheMaximum_WaitUntilOneLeaves()
    {
        await using var backend = await TestBackend.StartNamedAsync("b");
        await using var proxy = await RunningProxy.StartAsync(RunningProxy.Options() with { MaximumConnections = 2 }, backend);
        using var first = await proxy.ConnectAsync(Cancelled);
        using var second = await proxy.ConnectAsync(Cancelled);
        foreach (var client in new[] { first, second })
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n", Cancelled);
            await client.ReadUntilAsync("\r\n\r\n", Cancelled);
        }

        using var third = await proxy.ConnectAsync(Cancelled);
        await third.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n", Cancelled);
        var answer = third.ReadUntilAsync("\r\n\r\n", Cancelled);
        await first.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n", Cancelled); // those that are in are served
        await first.ReadUntilAsync("\r\n\r\n", Cancelled);
        Assert.False(answer.IsCompleted);
        Assert.Equal(2, proxy.Server.GetStatus("p").Connections);
        second.Dispose();
        Assert.StartsWith("HTTP/1.1 200", await answer.WaitAsync(TimeSpan.FromSeconds(30), Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_ClientsThatReadNothing_HoldNobodyUp()
    {
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            if (context.Request.Path != "/endless")
            {
                await context.Response.WriteAsync("quick", Cancelled);
                return;
            }

            var block = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested && !(await context.Response.BodyWriter.WriteAsync(block, CancellationToken.None)).IsCompleted)
                await Task.Yield(); // writing to a connection that is gone returns at once: the thread is left to whoever has to tell so
        });
        await using var proxy = await RunningProxy.StartAsync(backend);
        var slow = new List<RawConnection>();
        try
        {
            for (var number = 0; number < 50; number++)
            {
                slow.Add(await proxy.ConnectAsync(Cancelled));
                await slow[^1].SendAsync("GET /endless HTTP/1.1\r\nHost: h\r\n\r\n", Cancelled);
            }

            for (var number = 0; number < 50; number++)
                Assert.Equal("quick", await proxy.Client.GetStringAsync(new Uri(proxy.Address, "/quick"), Cancelled));
        }
        finally
        {
            slow.ForEach(client => client.Dispose());
        }
    }
}

using System.Net;
using System.Net.Sockets;
using Dewy.Tests;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Dewy.Engine.Tests.Proxy;

public sealed class RetryTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Send_ConnectionRefused_GoesToAnotherBackend(string method)
    {
        await using var good = await TestBackend.StartAsync(async context => await context.Response.WriteAsync($"good {await new StreamReader(context.Request.Body).ReadToEndAsync(Cancelled)}", Cancelled));
        var bad = await TestBackend.StartNamedAsync("bad");
        await using var proxy = await RunningProxy.StartAsync(bad, good);
        await bad.DisposeAsync();
        for (var number = 0; number < 4; number++)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), proxy.Address) { Content = method == "POST" ? new StringContent("body") : null };
            using var answer = await proxy.Client.SendAsync(request, Cancelled);
            Assert.Equal(method == "POST" ? "good body" : "good ", await answer.Content.ReadAsStringAsync(Cancelled));
        }

        Assert.Equal(ReplicaState.Unhealthy, proxy.Backends.Current[0].State);
        Assert.Equal("connection refused", (await proxy.Events.WaitForAsync<BackendHealthChanged>()).Reason);
        Assert.Equal(0, proxy.Server.GetStatus("p").Failures);
    }

    [Theory]
    [InlineData("GET", false, 200, 2)]
    [InlineData("DELETE", false, 200, 2)]
    [InlineData("PUT", true, 502, 1)]
    [InlineData("POST", false, 502, 1)]
    [InlineData("POST", true, 502, 1)]
    public async Task Send_NoAnswer_IsAskedOnceMoreWhereThatDoesNoHarm(string method, bool body, int status, int asked)
    {
        var requests = 0;
        async Task ServeAsync(HttpContext context)
        {
            if (Interlocked.Increment(ref requests) == 1)
            {
                await context.Request.Body.CopyToAsync(Stream.Null, Cancelled);
                context.Abort();
            }
        }

        await using var one = await TestBackend.StartAsync(ServeAsync);
        await using var other = await TestBackend.StartAsync(ServeAsync);
        await using var proxy = await RunningProxy.StartAsync(one, other);
        using var request = new HttpRequestMessage(new HttpMethod(method), proxy.Address) { Content = body ? new StringContent("body") : null };
        using var answer = await proxy.Client.SendAsync(request, Cancelled);
        Assert.Equal((status, asked), ((int)answer.StatusCode, requests));
    }

    [Fact]
    public async Task Send_KeptConnectionWithoutAnswer_PostIsNotRepeated()
    {
        var (requests, posts) = (0, 0);
        await using var backend = await TestBackend.StartAsync(context =>
        {
            Interlocked.Increment(ref requests);
            if (HttpMethods.IsPost(context.Request.Method))
            {
                Interlocked.Increment(ref posts);
                context.Abort();
            }

            return Task.CompletedTask;
        });
        await using var proxy = await RunningProxy.StartAsync(backend);
        foreach (var version in new[] { HttpVersion.Version11, HttpVersion.Version20 })
        {
            (await proxy.Client.GetAsync(proxy.Address, Cancelled)).Dispose(); // the proxy has a connection to use again
            using var request = new HttpRequestMessage(HttpMethod.Post, proxy.Address) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using var answer = await proxy.Client.SendAsync(request, Cancelled);
            Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        }

        Assert.Equal(2, posts);
    }

    [Fact]
    public async Task Send_NoAnswerTwice_Is502()
    {
        var requests = 0;
        await using var backend = await TestBackend.StartAsync(context =>
        {
            Interlocked.Increment(ref requests);
            context.Abort();
            return Task.CompletedTask;
        });
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var answer = await proxy.Client.GetAsync(proxy.Address, Cancelled);
        Assert.Equal((HttpStatusCode.BadGateway, 2), (answer.StatusCode, requests));
        Assert.Equal(1, proxy.Server.GetStatus("p").Failures);
        Assert.Equal(2, proxy.Backends.Current[0].Failures);
    }

    [Fact]
    public async Task Send_NoBackend_Is503WithRetryAfter()
    {
        await using var proxy = await RunningProxy.StartAsync();
        using var answer = await proxy.Client.GetAsync(proxy.Address, Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Send_NoBackendWithHold_WaitsForOne()
    {
        await using var backend = await TestBackend.StartNamedAsync("late");
        await using var proxy = await RunningProxy.StartAsync(RunningProxy.Options() with { Hold = TimeSpan.FromSeconds(60) });
        var answer = proxy.Client.GetStringAsync(proxy.Address, Cancelled);
        await Eventually.IsTrueAsync(() => proxy.Server.GetStatus("p").InFlight == 1, "the request came");
        Assert.False(answer.IsCompleted);
        proxy.Backends.Add("late", [backend.EndPoint]);
        Assert.Equal("late", await answer);
    }

    [Fact]
    public async Task Send_AnswerCutInTheMiddle_ClientSeesItBroken()
    {
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("half", Cancelled);
            await context.Response.Body.FlushAsync(Cancelled);
            context.Abort();
        });
        await using var proxy = await RunningProxy.StartAsync(backend);
        await Assert.ThrowsAsync<HttpRequestException>(() => proxy.Client.GetStringAsync(proxy.Address, Cancelled));
        await Eventually.IsTrueAsync(() => proxy.Server.GetStatus("p").Failures == 1, "it was counted");
    }

    [Fact]
    public async Task Send_ClientGoesAway_BackendIsToldAndNothingFailed()
    {
        var (begun, aborted) = (New(), New());
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            context.RequestAborted.Register(aborted.SetResult);
            begun.SetResult();
            await aborted.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        });
        await using var proxy = await RunningProxy.StartAsync(backend);
        using (var client = await proxy.ConnectAsync(Cancelled))
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n", Cancelled);
            await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
            client.Socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        await Eventually.IsTrueAsync(() => proxy.Server.GetStatus("p").InFlight == 0, "the request ended");
        Assert.Equal(0, proxy.Server.GetStatus("p").Failures);

        static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

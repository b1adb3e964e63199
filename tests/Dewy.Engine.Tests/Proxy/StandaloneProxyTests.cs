using System.Net;
using System.Net.Sockets;
using Dewy.Engine.Proxy.Standalone;
using Dewy.Tests;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Dewy.Engine.Tests.Proxy;

public sealed class StandaloneProxyTests
{
    private const string HealthPath = "/health";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SetBackends_HealthyOne_AnswersWhenItReturns()
    {
        await using var old = await StartBackendAsync("old");
        await using var next = await StartBackendAsync("next");
        await using var proxy = await StartAsync(HealthPath, $"{old.EndPoint}");
        using var client = ClientOf(proxy);

        await proxy.SetBackendsAsync([$"{next.EndPoint}"], Cancelled);

        for (var number = 0; number < 5; number++)
            Assert.Equal("next", await client.GetStringAsync("", Cancelled));
    }

    [Fact]
    public async Task SetBackends_AllTheTime_LosesNoRequest()
    {
        await using var one = await StartBackendAsync("one");
        await using var two = await StartBackendAsync("two");
        await using var proxy = await StartAsync(HealthPath, $"{one.EndPoint}");
        using var client = ClientOf(proxy);
        using var enough = new CancellationTokenSource();
        var asking = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
                Assert.Contains(await client.GetStringAsync("", Cancelled), new[] { "one", "two" });
        }, Cancelled)));

        foreach (var backend in Enumerable.Repeat(new[] { two, one }, 5).SelectMany(pair => pair))
            await proxy.SetBackendsAsync([$"{backend.EndPoint}"], Cancelled);

        await enough.CancelAsync();
        await asking;
    }

    [Fact]
    public async Task SetBackends_NoneAnswers_TheOldOneServesUntilOneDoes()
    {
        await using var old = await TestBackend.StartNamedAsync("old");
        await using var proxy = await StartAsync(healthPath: null, $"{old.EndPoint}");
        using var client = ClientOf(proxy);
        using var nobody = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // its port is taken, and refuses
        var address = nobody.LocalEndPoint;

        await proxy.SetBackendsAsync([$"{address}"], Cancelled);

        Assert.Equal("old", await client.GetStringAsync("", Cancelled));
        Assert.Equal([ReplicaState.Healthy, ReplicaState.Unhealthy], proxy.GetStatus().Backends.Select(backend => backend.State));
        nobody.Listen();
        await Eventually.IsTrueAsync(() => proxy.GetStatus().Backends is [{ State: ReplicaState.Healthy } only] && only.Name == $"{address}", "the new one has taken over");
    }

    [Fact]
    public async Task GetStatus_OneJoins_ShowsItAllTheTime()
    {
        await using var proxy = await StartAsync(healthPath: null);
        for (var round = 0; round < 5; round++)
        {
            using var late = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            late.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // its port is taken, and refuses
            var address = $"{late.LocalEndPoint}";
            await proxy.SetBackendsAsync([address], Cancelled);
            late.Listen();
            var joining = proxy.SetBackendsAsync([address], Cancelled);

            while (!joining.IsCompleted)
            {
                Assert.Single(proxy.GetStatus().Backends, backend => backend.Name == address);
                await Task.Yield();
            }

            await joining;
        }
    }

    [Fact]
    public async Task SetBackends_None_NobodyAnswers()
    {
        await using var old = await TestBackend.StartNamedAsync("old");
        await using var proxy = await StartAsync(healthPath: null, $"{old.EndPoint}");
        using var client = ClientOf(proxy);

        await proxy.SetBackendsAsync([], Cancelled);

        using var answer = await client.GetAsync("", Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Fact]
    public async Task SetBackends_ProxyHasStopped_ReturnsAllTheSame()
    {
        await using var old = await TestBackend.StartNamedAsync("old");
        await using var proxy = await StartAsync(healthPath: null, $"{old.EndPoint}");
        await proxy.StopAsync();

        await proxy.SetBackendsAsync([], Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
    }

    /// <summary>A backend that takes its time to say that it is well: long enough for a gap to show.</summary>
    private static Task<TestBackend> StartBackendAsync(string name) => TestBackend.StartAsync(async context =>
    {
        if (context.Request.Path == HealthPath)
            await Task.Delay(TimeSpan.FromMilliseconds(100), context.RequestAborted);
        await context.Response.WriteAsync(name, context.RequestAborted);
    });

    private static HttpClient ClientOf(StandaloneProxy proxy) =>
        new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://{proxy.GetStatus().Listen[0]}/") };

    private static async Task<StandaloneProxy> StartAsync(string? healthPath, params string[] backends)
    {
        var source = new GivenBackends(portCount: 1);
        source.Begin([.. backends.Select(BackendAddress.Parse)]);
        var proxy = new StandaloneProxy("front", RunningProxy.Options() with { HealthPath = healthPath }, source, new Dictionary<string, string>(StringComparer.Ordinal), new RecordingEventSink(), TimeProvider.System);
        await proxy.StartAsync(Cancelled);
        return proxy;
    }
}

using System.Net;
using Dewy.Tests;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Dewy.Engine.Tests.Proxy;

public sealed class DrainTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Drain_RequestInFlight_FinishesAndNewOnesGoElsewhere()
    {
        var (begun, go) = (New(), New());
        await using var old = await TestBackend.StartAsync(async context =>
        {
            begun.SetResult();
            await go.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
            await context.Response.WriteAsync("old", Cancelled);
        });
        await using var next = await TestBackend.StartNamedAsync("next");
        await using var proxy = await RunningProxy.StartAsync(old);
        var inFlight = proxy.Client.GetStringAsync(proxy.Address, Cancelled);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        proxy.Backends.Add("next", [next.EndPoint]);
        var drain = proxy.Backends.DrainAsync("b0", TimeSpan.FromSeconds(60), Cancelled);
        for (var number = 0; number < 5; number++)
            Assert.Equal("next", await proxy.Client.GetStringAsync(proxy.Address, Cancelled));
        Assert.False(drain.IsCompleted);
        go.SetResult();
        Assert.Equal("old", await inFlight);
        Assert.Equal(0, await drain.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
    }

    [Theory]
    [InlineData("Content-Length: 200000", "", "")]
    [InlineData("Transfer-Encoding: chunked", "186a0\r\n", "\r\n")]
    public async Task Drain_InTheMiddleOfAnUpload_TheRestStillComes(string framing, string before, string after)
    {
        var begun = New();
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            var (length, buffer) = (0, new byte[4096]);
            for (int read; (read = await context.Request.Body.ReadAsync(buffer, Cancelled)) > 0; length += read)
                begun.TrySetResult();
            await context.Response.WriteAsync($"<{length}>", Cancelled);
        });
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var client = await proxy.ConnectAsync(Cancelled);
        var half = before + new string('x', 100_000) + after;
        await client.SendAsync($"POST / HTTP/1.1\r\nHost: h\r\n{framing}\r\n\r\n{half}", Cancelled);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        var drain = proxy.Backends.DrainAsync("b0", TimeSpan.FromSeconds(60), Cancelled);
        await client.SendAsync(half + (after.Length > 0 ? "0\r\n\r\n" : ""), Cancelled);
        Assert.Contains("<200000>", await client.ReadUntilAsync("<200000>", Cancelled), StringComparison.Ordinal);
        Assert.Equal(0, await drain.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Drain_RequestThatDoesNotEnd_IsCutAtTheLimit(string version)
    {
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            await context.Response.WriteAsync("begun", Cancelled);
            await context.Response.Body.FlushAsync(Cancelled);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var request = new HttpRequestMessage(HttpMethod.Get, proxy.Address) { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var answer = await proxy.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        Assert.Equal(1, await proxy.Backends.DrainAsync("b0", TimeSpan.FromSeconds(0.5), Cancelled));
        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsStringAsync(Cancelled));
    }

    /// <summary>Backends are replaced, and really end, under steady traffic on kept and on new connections: every answer is right.</summary>
    [Fact]
    public async Task Replace_UnderTraffic_LosesNothing()
    {
        await using var proxy = await RunningProxy.StartAsync();
        var current = await TestBackend.StartNamedAsync("0");
        proxy.Backends.Add("0", [current.EndPoint]);
        using var end = new CancellationTokenSource();
        var wrong = new List<string>();
        var answers = 0;
        var workers = Enumerable.Range(0, 6).Select(async worker =>
        {
            while (!end.IsCancellationRequested)
            {
                using var request = new HttpRequestMessage(worker % 3 == 0 ? HttpMethod.Post : HttpMethod.Get, proxy.Address);
                if (worker % 3 == 0)
                    request.Content = new StringContent("body");
                if (worker % 2 == 0)
                    request.Headers.ConnectionClose = true;
                using var answer = await proxy.Client.SendAsync(request, Cancelled);
                Interlocked.Increment(ref answers);
                if (answer.StatusCode != HttpStatusCode.OK)
                {
                    lock (wrong)
                        wrong.Add($"{request.Method} {answer.StatusCode} {proxy.Backends.Current[0].Problem}");
                }
            }
        }).ToArray();
        for (var number = 1; number <= 20; number++)
        {
            var before = Volatile.Read(ref answers);
            await Eventually.IsTrueAsync(() => Volatile.Read(ref answers) > before + 20, "requests are answered");
            var next = await TestBackend.StartNamedAsync($"{number}");
            proxy.Backends.Add($"{number}", [next.EndPoint]);
            Assert.Equal(0, await proxy.Backends.DrainAsync($"{number - 1}", TimeSpan.FromSeconds(60), Cancelled));
            await current.DisposeAsync();
            current = next;
        }

        await end.CancelAsync();
        await Task.WhenAll(workers);
        Assert.Empty(wrong);
        await current.DisposeAsync();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

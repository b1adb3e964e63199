using System.Net.Sockets;
using Dewy.Tests;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Proxy.Tcp;

/// <summary>What holds of a TCP port, whatever moves its bytes.</summary>
public abstract class TcpPortContract : TcpContract
{
    [Fact]
    public async Task Connect_BackendRefuses_GoesToAnotherAndTheOneIsOutAtOnce()
    {
        await using var backend = TcpBackend.Named("alive");
        await using var proxy = await StartAsync(RunningTcpProxy.Options, TimeProvider.System, TcpBackend.Nobody(), backend.EndPoint);
        using var first = await proxy.ConnectAsync(Cancelled);
        using var second = await proxy.ConnectAsync(Cancelled);
        foreach (var client in new[] { first, second })
        {
            await client.SayAsync("who", Cancelled);
            Assert.Equal("alive", await client.ReadTextAsync(Cancelled));
        }

        var dead = proxy.Backends.Current[0];
        Assert.Equal(ReplicaState.Unhealthy, dead.State);
        Assert.Equal("connection refused", dead.Problem);
        Assert.Equal(0, dead.InFlight);
        Assert.Equal(0, proxy.Status.Failures);
    }

    [Fact]
    public async Task Disconnected_Connection_IsToldWithEveryByte()
    {
        await using var backend = TcpBackend.Named("alive");
        await using var proxy = await StartAsync(backend);
        using (var client = await proxy.ConnectAsync(Cancelled))
        {
            await client.SayAsync("who", Cancelled);
            Assert.Equal("alive", await client.ReadTextAsync(Cancelled));
        }

        await Eventually.IsTrueAsync(() => proxy.Status.Connections == 0 && proxy.Bytes > 0, "it has ended");
        Assert.Equal("who".Length + "alive".Length, proxy.Bytes);
    }

    [Fact]
    public async Task Connect_NoBackend_IsClosed()
    {
        await using var proxy = await StartAsync();
        using var client = await proxy.ConnectAsync(Cancelled);
        Assert.Empty(await client.ReadToEndAsync(Cancelled));
        await Eventually.IsTrueAsync(() => proxy.Status is { Failures: 1, Connections: 0, InFlight: 0 }, "it was counted");
        Assert.Null(proxy.Last?.Backend);
    }

    [Fact]
    public async Task Connect_NoBackendYet_IsHeldUntilThereIsOne()
    {
        await using var proxy = await StartAsync(RunningTcpProxy.Options with { Hold = TimeSpan.FromSeconds(60) }, TimeProvider.System);
        using var client = await proxy.ConnectAsync(Cancelled);
        await client.SayAsync("early", Cancelled);
        await Eventually.IsTrueAsync(() => proxy.Status.InFlight == 1, "the connection was accepted");
        await using var backend = TcpBackend.Named("late");
        proxy.Backends.Add("late", [backend.EndPoint]);
        Assert.Equal("late", await client.ReadTextAsync(Cancelled));
    }

    [Fact]
    public async Task Idle_NoByteForTheTimeout_IsClosed()
    {
        var time = new FakeTimeProvider();
        await using var backend = TcpBackend.Named("b");
        await using var proxy = await StartAsync(RunningTcpProxy.Options with { IdleTimeout = TimeSpan.FromSeconds(30) }, time, backend.EndPoint);
        using var client = await proxy.ConnectThroughAsync(Cancelled);

        // One byte now and then keeps it: three times the time-out.
        for (var turn = 0; turn < 9; turn++)
        {
            time.Advance(TimeSpan.FromSeconds(10));
            await client.SayAsync("still here", Cancelled);
            Assert.Equal("b", await client.ReadTextAsync(Cancelled));
        }

        var ending = client.ReadToEndAsync(Cancelled);
        await Eventually.IsTrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(3));
                return ending.IsCompleted;
            },
            "it was closed");
        Assert.Empty(await ending);
        await Eventually.IsTrueAsync(() => proxy.Status is { InFlight: 0, Failures: 0 }, "it has ended, and that is no failure");
    }

    [Fact]
    public async Task Idle_NoTimeout_LivesOn()
    {
        var time = new FakeTimeProvider();
        await using var backend = TcpBackend.Named("b");
        await using var proxy = await StartAsync(RunningTcpProxy.Options with { IdleTimeout = TimeSpan.Zero }, time, backend.EndPoint);
        using var client = await proxy.ConnectThroughAsync(Cancelled);
        time.Advance(TimeSpan.FromDays(2));
        await client.SayAsync("still here", Cancelled);
        Assert.Equal("b", await client.ReadTextAsync(Cancelled));
    }

    [Fact]
    public async Task Accept_AsManyAsAllowed_NextOneWaits()
    {
        await using var backend = TcpBackend.Named("b");
        await using var proxy = await StartAsync(RunningTcpProxy.Options with { MaximumConnections = 1 }, TimeProvider.System, backend.EndPoint);
        using var first = await proxy.ConnectThroughAsync(Cancelled);
        using var second = await proxy.ConnectAsync(Cancelled);
        await second.SayAsync("hello", Cancelled);
        var answer = second.ReadTextAsync(Cancelled);

        // The first still talks while the second, which came long before this, does not.
        for (var turn = 0; turn < 20; turn++)
        {
            await first.SayAsync("more", Cancelled);
            Assert.Equal("b", await first.ReadTextAsync(Cancelled));
        }

        Assert.False(answer.IsCompleted);
        Assert.Equal(1, proxy.Status.Connections);
        first.Dispose();
        Assert.Equal("b", await answer);
    }

    [Fact]
    public async Task Drain_ConnectionsEndInTime_NothingIsCut()
    {
        await using var old = TcpBackend.Named("old");
        await using var proxy = await StartAsync(old);
        using var client = await proxy.ConnectThroughAsync(Cancelled);
        await using var next = TcpBackend.Named("next");
        proxy.Backends.Add("next", [next.EndPoint]);
        var draining = proxy.Backends.DrainAsync("b0", TimeSpan.FromSeconds(60), Cancelled);
        await client.SayAsync("?", Cancelled);
        Assert.Equal("old", await client.ReadTextAsync(Cancelled));
        for (var turn = 0; turn < 4; turn++)
        {
            using var newcomer = await proxy.ConnectAsync(Cancelled);
            await newcomer.SayAsync("?", Cancelled);
            Assert.Equal("next", await newcomer.ReadTextAsync(Cancelled));
        }

        Assert.False(draining.IsCompleted);
        client.Dispose();
        Assert.Equal(0, await draining);
    }

    [Fact]
    public async Task Drain_LimitIsOver_ConnectionsAreCutAndCounted()
    {
        await using var backend = TcpBackend.Named("b");
        await using var proxy = await StartAsync(backend);
        using var one = await proxy.ConnectThroughAsync(Cancelled);
        using var other = await proxy.ConnectThroughAsync(Cancelled);
        Assert.Equal(2, await proxy.Backends.DrainAsync("b0", TimeSpan.FromMilliseconds(100), Cancelled));
        foreach (var client in new[] { one, other })
        {
            var failure = await Assert.ThrowsAsync<SocketException>(() => client.ReadToEndAsync(Cancelled));
            Assert.Equal(SocketError.ConnectionReset, failure.SocketErrorCode);
        }

        await Eventually.IsTrueAsync(() => proxy.Status is { InFlight: 0, Connections: 0 }, "both are gone");
    }

    [Fact]
    public async Task Stop_OpenConnection_PortIsClosedAndItMayEnd()
    {
        await using var backend = TcpBackend.Named("b");
        await using var proxy = await StartAsync(backend);
        using var client = await proxy.ConnectThroughAsync(Cancelled);
        var stopping = proxy.Server.StopAsync(Cancelled);
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            using var late = await proxy.ConnectAsync(Cancelled);
        });
        await client.SayAsync("?", Cancelled);
        Assert.Equal("b", await client.ReadTextAsync(Cancelled));
        Assert.False(stopping.IsCompleted);
        client.Dispose();
        Assert.Equal(0, await stopping);
    }

    [Fact]
    public async Task Stop_LimitIsOver_ConnectionsAreCutAndCounted()
    {
        await using var backend = TcpBackend.Named("b");
        await using var proxy = await StartAsync(RunningTcpProxy.Options with { DrainTime = TimeSpan.FromMilliseconds(100) }, TimeProvider.System, backend.EndPoint);
        using var client = await proxy.ConnectThroughAsync(Cancelled);
        Assert.Equal(1, await proxy.Server.StopAsync(Cancelled));
        await Assert.ThrowsAsync<SocketException>(() => client.ReadToEndAsync(Cancelled));
        Assert.Equal(0, proxy.Status.InFlight);
    }

    [Fact]
    public async Task Stop_WhileHeld_EndsAtOnceWhenCancelled()
    {
        await using var proxy = await StartAsync(RunningTcpProxy.Options with { Hold = TimeSpan.FromMinutes(10) }, TimeProvider.System);
        using var client = await proxy.ConnectAsync(Cancelled);
        await Eventually.IsTrueAsync(() => proxy.Status.InFlight == 1, "the connection is held");
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        Assert.Equal(1, await proxy.Server.StopAsync(now.Token));
    }

    [Fact]
    public async Task TenThousandConnections_OpenAndClose_LeaveNothingBehind()
    {
        const int Total = 10_000;
        const int AtOnce = 250;

        // Other tests of this process open sockets meanwhile: a leak would be far more than they have.
        const int Others = 1_500;
        await using var backend = TcpBackend.Echo();
        await using var proxy = await StartAsync(backend);
        using var first = await proxy.ConnectThroughAsync(Cancelled);
        var before = Descriptors();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Total),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancelled },
            async (number, cancellationToken) =>
            {
                // All the ways in which a connection ends.
                using var client = await proxy.ConnectAsync(cancellationToken);
                if (number % 4 == 0)
                    return;
                await client.SayAsync("x", cancellationToken);
                Assert.Equal("x", await client.ReadTextAsync(cancellationToken));
                if (number % 4 == 1)
                    TcpBackend.Reset(client);
                if (number % 4 == 2)
                {
                    client.Shutdown(SocketShutdown.Send);
                    Assert.Empty(await client.ReadToEndAsync(cancellationToken));
                }
            });
        await Eventually.IsTrueAsync(() => proxy.Status is { InFlight: 1, Connections: 1 }, "all but the first have ended");
        Assert.Equal(Total + 1, proxy.Status.Requests);
        Assert.Equal(1, proxy.Backends.Current.Single().InFlight);
        if (OperatingSystem.IsLinux())
            await Eventually.IsTrueAsync(() => Descriptors() < before + Others, "their descriptors are closed");
        first.Dispose();
        Assert.Equal(0, await proxy.Server.StopAsync(Cancelled));
    }

    private static int Descriptors() => OperatingSystem.IsLinux() ? Directory.GetFiles("/proc/self/fd").Length : 0;
}

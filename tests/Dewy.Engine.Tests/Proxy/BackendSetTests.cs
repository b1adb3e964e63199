using System.Net;
using System.Net.Sockets;
using Dewy.Engine.Proxy;
using Dewy.Engine.Proxy.Backends;
using Dewy.Tests;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Proxy;

public sealed class BackendSetTests
{
    private static readonly IPEndPoint Nowhere = new(IPAddress.Loopback, 9);

    private readonly RecordingEventSink _events = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Add_Replica_GetsRequestsAndIsListed()
    {
        await using var set = Create();
        set.Add(new FakeReplica("one", Nowhere));
        set.Add(new FakeReplica("one", Nowhere));
        var status = Assert.Single(set.Current);
        Assert.Equal(("one", "app-one", "v1.2.3", ReplicaState.Healthy), (status.Id, status.Name, status.Tag, status.State));
        Assert.Equal(["127.0.0.1:9"], status.Addresses);
        Assert.Equal("one", set.TryClaim()?.Id);
        Assert.Equal(1, set.Current[0].InFlight);
        Assert.Single(_events.Of<BackendAdded>());
    }

    [Fact]
    public async Task Add_FewerAddressesThanPorts_IsRefused()
    {
        await using var set = Create(RunningProxy.Options("127.0.0.1:8001", "127.0.0.1:8002"));
        Assert.Equal(ErrorCode.InvalidConfiguration, Assert.Throws<DewyException>(() => set.Add("one", [Nowhere])).Code);
    }

    [Fact]
    public async Task Drain_NothingInFlight_LeavesAtOnce()
    {
        await using var set = Create();
        set.Add("one", [Nowhere]);
        Assert.Equal(0, await set.DrainAsync("one", TimeSpan.FromMinutes(1), Cancelled));
        Assert.Empty(set.Current);
        Assert.Equal(0, Assert.Single(_events.Of<BackendRemoved>()).Ended);
    }

    [Fact]
    public async Task Drain_Unknown_DoesNothing()
    {
        await using var set = Create();
        Assert.Equal(0, await set.DrainAsync("one", TimeSpan.FromMinutes(1), Cancelled));
    }

    [Fact]
    public async Task Drain_InFlight_WaitsForItAndGrantsNoClaim()
    {
        await using var set = Create();
        set.Add("one", [Nowhere]);
        var claimed = Claim(set);
        var drain = set.DrainAsync("one", TimeSpan.FromMinutes(1), Cancelled);
        Assert.Null(set.TryClaim());
        Assert.Equal(ReplicaState.Draining, Assert.Single(set.Current).State);
        Assert.False(drain.IsCompleted);
        Assert.Equal(1, Assert.Single(_events.Of<BackendDraining>()).InFlight);
        BackendSet.Release(claimed);
        Assert.Equal(0, await drain.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
        Assert.Empty(set.Current);
    }

    [Fact]
    public async Task Drain_LimitOver_EndsAndCountsThoseLeft()
    {
        await using var set = Create(RunningProxy.Options(), TimeProvider.System);
        set.Add("one", [Nowhere]);
        var claimed = new[] { Claim(set), Claim(set) };
        using var ending = claimed[0].Farewell.Ended.Register(() => Array.ForEach(claimed, BackendSet.Release));
        Assert.Equal(2, await set.DrainAsync("one", TimeSpan.FromSeconds(0.2), Cancelled));
        Assert.Equal(2, Assert.Single(_events.Of<BackendRemoved>()).Ended);
    }

    [Fact]
    public async Task Drain_Cancelled_CanBeCalledAgain()
    {
        await using var set = Create();
        set.Add("one", [Nowhere]);
        var claimed = Claim(set);
        using var cancel = new CancellationTokenSource();
        var first = set.DrainAsync("one", TimeSpan.FromMinutes(1), cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Null(set.TryClaim());
        BackendSet.Release(claimed);
        Assert.Equal(0, await set.DrainAsync("one", TimeSpan.FromMinutes(1), Cancelled));
    }

    [Fact]
    public async Task Drain_Twice_BothWaitForTheSame()
    {
        await using var set = Create();
        set.Add("one", [Nowhere]);
        var claimed = Claim(set);
        var first = set.DrainAsync("one", TimeSpan.FromMinutes(1), Cancelled);
        var second = set.DrainAsync("one", TimeSpan.FromMinutes(1), Cancelled);
        Assert.False(second.IsCompleted);
        BackendSet.Release(claimed);
        await Task.WhenAll(first, second).WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        Assert.Single(_events.Of<BackendRemoved>());
    }

    [Fact]
    public async Task Drop_InFlight_IsOutAtOnce()
    {
        await using var set = Create();
        set.Add("one", [Nowhere]);
        var claimed = Claim(set);
        set.Drop("one");
        Assert.Empty(set.Current);
        Assert.Null(set.TryClaim());
        BackendSet.Release(claimed);
        await _events.WaitForAsync<BackendRemoved>();
    }

    [Fact]
    public async Task Claim_NoneReady_IsHeldUntilOneJoins()
    {
        await using var set = Create(RunningProxy.Options() with { Hold = TimeSpan.FromMinutes(1) });
        var claim = set.ClaimAsync(null, null, Cancelled).AsTask();
        Assert.False(claim.IsCompleted);
        set.Add("one", [Nowhere]);
        Assert.Equal("one", (await claim.WaitAsync(TimeSpan.FromSeconds(30), Cancelled))?.Id);
    }

    [Fact]
    public async Task Claim_NoneReadyWithinHold_GetsNone()
    {
        await using var set = Create(RunningProxy.Options() with { Hold = TimeSpan.FromSeconds(10) });
        var claim = set.ClaimAsync(null, null, Cancelled).AsTask();
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Null(await claim.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
    }

    [Fact]
    public async Task ReportUnreachable_GoesOutAtOnceAndComesBackWithTheNextCheck()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var set = Create();
        set.Add("one", [(IPEndPoint)listener.LocalEndpoint]);
        var change = set.WaitForChangeAsync(Cancelled);
        var backend = Claim(set);
        set.ReportUnreachable(backend, "connection refused");
        BackendSet.Release(backend);
        await change.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        Assert.Null(set.TryClaim());
        Assert.Equal((ReplicaState.Unhealthy, "connection refused"), (set.Current[0].State, set.Current[0].Problem));
        await AdvanceUntilAsync(() => set.HasReady);
        Assert.Equal([false, true], _events.Of<BackendHealthChanged>().Select(change => change.IsHealthy));
        Assert.Null(set.Current[0].Problem);
    }

    [Fact]
    public async Task Check_BackendThatDoesNotAnswer_GoesOutAfterTwoFailures()
    {
        int closed;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            closed = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        await using var set = Create();
        var started = _time.GetUtcNow();
        set.Add("one", [new IPEndPoint(IPAddress.Loopback, closed)]);
        await AdvanceUntilAsync(() => !set.HasReady);
        Assert.InRange((_time.GetUtcNow() - started).TotalSeconds, 9, 30);
        Assert.Equal("connection refused", Assert.Single(_events.Of<BackendHealthChanged>()).Reason);
    }

    [Fact]
    public async Task Check_HealthPathThatFails_TakesItOut()
    {
        var healthy = false;
        await using var backend = await TestBackend.StartAsync(context =>
        {
            context.Response.StatusCode = Volatile.Read(ref healthy) || context.Request.Path != "/health" ? 200 : 500;
            return Task.CompletedTask;
        });
        await using var set = Create(RunningProxy.Options() with { HealthPath = "/health" });
        set.Add("one", [backend.EndPoint]);
        await AdvanceUntilAsync(() => !set.HasReady);
        Volatile.Write(ref healthy, true);
        await AdvanceUntilAsync(() => set.HasReady);
        Assert.Equal(["500 Internal Server Error", "200 OK"], _events.Of<BackendHealthChanged>().Select(change => change.Reason));
    }

    [Theory]
    [InlineData(BalancePolicy.RoundRobin, "abcabc")]
    [InlineData(BalancePolicy.First, "aaaaaa")]
    public async Task TryClaim_Policy_Chooses(BalancePolicy policy, string expected)
    {
        await using var set = Create(RunningProxy.Options() with { Balance = policy });
        foreach (var name in new[] { "a", "b", "c" })
            set.Add(name, [Nowhere]);
        Assert.Equal(expected, string.Concat(Enumerable.Range(0, 6).Select(_ => Claim(set).Name)));
    }

    [Theory]
    [InlineData(BalancePolicy.LeastRequests)]
    [InlineData(BalancePolicy.PowerOfTwoChoices)]
    public async Task TryClaim_OneIsIdle_ItIsTaken(BalancePolicy policy)
    {
        await using var set = Create(RunningProxy.Options() with { Balance = policy });
        set.Add("a", [Nowhere]);
        set.Add("b", [Nowhere]);
        var held = Enumerable.Range(0, 20).Select(_ => Claim(set)).ToList();
        Assert.Equal([10, 10], set.Current.Select(backend => backend.InFlight));
        foreach (var backend in held.Where(backend => backend.Name == "b"))
            BackendSet.Release(backend);
        Assert.Equal("bbbbb", string.Concat(Enumerable.Range(0, 5).Select(_ => Claim(set).Name)));
    }

    [Fact]
    public async Task TryClaim_Random_TakesEach()
    {
        await using var set = Create(RunningProxy.Options() with { Balance = BalancePolicy.Random });
        set.Add("a", [Nowhere]);
        set.Add("b", [Nowhere]);
        Assert.Equal(2, Enumerable.Range(0, 200).Select(_ => Claim(set).Name).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task TryClaim_Avoid_TakesAnotherWhereThereIsOne()
    {
        await using var set = Create(RunningProxy.Options() with { Balance = BalancePolicy.First });
        set.Add("a", [Nowhere]);
        var first = Claim(set);
        Assert.Equal("a", set.TryClaim(avoid: first)?.Name);
        set.Add("b", [Nowhere]);
        Assert.Equal("b", set.TryClaim(avoid: first)?.Name);
    }

    private static Backend Claim(BackendSet set) => set.TryClaim() ?? throw new InvalidOperationException("None was to be had.");

    private BackendSet Create(ProxyOptions? options = null, TimeProvider? time = null) => new(options ?? RunningProxy.Options(), _events, time ?? _time);

    private Task AdvanceUntilAsync(Func<bool> condition) => Eventually.IsTrueAsync(
        () =>
        {
            if (condition())
                return true;
            _time.Advance(TimeSpan.FromSeconds(0.5));
            return false;
        },
        "the backend's health changed");
}

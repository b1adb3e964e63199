using Dewy.Engine.Replicas;
using Dewy.Engine.Tests.Replicas.Support;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Replicas;

public sealed class ReplicaSetTests : IAsyncDisposable
{
    private static readonly LiveRelease V1 = Release("v1.0.0");
    private static readonly LiveRelease V2 = Release("v2.0.0");

    private readonly ExampleHost _host = new();
    private readonly ExampleBackends _backends = new();
    private readonly RecordingEventSink _events = new();
    private readonly List<ReplicaSet> _sets = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReplaceAsync_FirstRelease_StartsAllOfThem()
    {
        var set = await OpenAsync(live: null);

        await set.ReplaceAsync(V1, "deploy", Cancelled);

        Assert.Equal([V1.Tag, V1.Tag, V1.Tag], _backends.Tags);
        Assert.Equal([0, 1, 2], _host.Running.Select(replica => replica.Number));
        Assert.Equal(V1, set.Observe().Running);
        Assert.Null(set.Observe().Amiss);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ReplaceAsync_NewRelease_NeverServesWithFewerThanPromised(int? maxSurge)
    {
        var set = await RunningAsync(V1, options => options with { MaxSurge = maxSurge });
        _backends.Watch();

        await set.ReplaceAsync(V2, "deploy", Cancelled);
        await SettledAsync();

        Assert.Equal([V2.Tag, V2.Tag, V2.Tag], _backends.Tags);
        Assert.All(_host.Running, replica => Assert.Equal(V2, replica.Release));
        Assert.Equal(3, _backends.Fewest);
    }

    [Fact]
    public async Task ReplaceAsync_SurgeOfOne_RunsAtMostOneMore()
    {
        var set = await RunningAsync(V1, options => options with { MaxSurge = 1 });
        var most = 0;
        _host.OnStart = (_, _) =>
        {
            most = Math.Max(most, _host.Running.Count + 1);
            return null;
        };

        await set.ReplaceAsync(V2, "deploy", Cancelled);

        Assert.Equal(4, most);
    }

    [Fact]
    public async Task ReplaceAsync_OldOnesStillDrain_ReturnsAndGivesThemNothingNew()
    {
        var set = await RunningAsync(V1);
        var gate = new TaskCompletionSource();
        _backends.DrainGate = gate.Task;

        await set.ReplaceAsync(V2, "deploy", Cancelled);

        Assert.Equal([V2.Tag, V2.Tag, V2.Tag], _backends.Tags);
        Assert.Equal(6, _host.Running.Count);
        Assert.Equal(3, set.Observe().Replicas.Count(replica => replica.State == ReplicaState.Draining));
        gate.SetResult();
        await SettledAsync();
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, null)]
    [InlineData(3, null)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    public async Task ReplaceAsync_NewOneIsNeverHealthy_PutsEverythingBack(int which, int? maxSurge)
    {
        var set = await RunningAsync(V1, options => options with { MaxSurge = maxSurge, HealthTimeout = TimeSpan.FromMilliseconds(300) });
        var started = 0;
        _host.OnStart = (release, _) => release == V2 && ++started == which ? replica => replica.Status = 500 : null;
        _backends.Watch();

        var failure = await Assert.ThrowsAsync<DewyException>(() => set.ReplaceAsync(V2, "deploy", Cancelled));
        await SettledAsync();

        Assert.Equal(ErrorCode.HealthCheckFailed, failure.Code);
        Assert.Contains("last words", failure.Message, StringComparison.Ordinal);
        Assert.Equal([V1.Tag, V1.Tag, V1.Tag], _backends.Tags);
        Assert.All(_host.Running, replica => Assert.Equal(V1, replica.Release));
        Assert.Equal(3, _backends.Fewest);
        Assert.Equal(V1, set.Observe().Running);
        Assert.Equal(V2.Tag, Assert.Single(_events.Of<ReplicaRefused>()).Tag);
    }

    [Fact]
    public async Task ReplaceAsync_NewOneEndsAtOnce_FailsWithoutWaitingForTheTimeout()
    {
        var set = await RunningAsync(V1, options => options with { HealthTimeout = TimeSpan.FromMinutes(5) });
        _host.OnStart = (release, _) => release == V2 ? replica => replica.Crash() : null;

        var failure = await Assert.ThrowsAsync<DewyException>(() => set.ReplaceAsync(V2, "deploy", Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Cancelled));

        Assert.Equal(ErrorCode.ContainerExited, failure.Code);
        Assert.Contains("exited with code 3", failure.Message, StringComparison.Ordinal);
        Assert.Equal([V1.Tag, V1.Tag, V1.Tag], _backends.Tags);
    }

    [Fact]
    public async Task ReplaceAsync_EarlierNewOneDiesBeforeTheLastIsHealthy_Fails()
    {
        var set = await RunningAsync(V1);
        ExampleReplica? first = null;
        _host.OnStart = (release, _) => release != V2 ? null : replica =>
        {
            first ??= replica;
            if (replica.Number == 2)
                first.Crash();
        };

        await Assert.ThrowsAsync<DewyException>(() => set.ReplaceAsync(V2, "deploy", Cancelled));
        await SettledAsync();

        Assert.Equal([V1.Tag, V1.Tag, V1.Tag], _backends.Tags);
    }

    [Fact]
    public async Task ReplaceAsync_Cancelled_LeavesNothingOfTheNewOne()
    {
        var set = await RunningAsync(V1, options => options with { HealthTimeout = TimeSpan.FromMinutes(5) });
        _host.OnStart = (release, _) => release == V2 ? replica => replica.Status = 503 : null;
        using var cancel = new CancellationTokenSource();

        var replacing = set.ReplaceAsync(V2, "deploy", cancel.Token);
        await _events.WaitForAsync<ReplicaChecking>(checking => checking.Tag == V2.Tag);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => replacing);
        await SettledAsync();
        Assert.Equal([V1.Tag, V1.Tag, V1.Tag], _backends.Tags);
    }

    [Fact]
    public async Task Observe_ReplicaCrashes_TellsWhatIsMissingAndHowItEnded()
    {
        var set = await RunningAsync(V1);
        var changed = set.WaitForChangeAsync(Cancelled);

        _host.Running[1].Crash();
        await changed.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);

        var seen = set.Observe();
        Assert.Equal("1 of 3 replicas of v1.0.0 missing", seen.Amiss);
        Assert.Equal(V1, seen.Running);
        Assert.Equal((3, 1), (seen.LastExit?.Code, seen.Crashes));
        Assert.Equal([V1.Tag, V1.Tag], _backends.Tags);
    }

    [Fact]
    public async Task ReplaceAsync_AfterACrash_StartsOnlyWhatIsMissing()
    {
        var set = await RunningAsync(V1);
        _host.Running[1].Crash();
        await _events.WaitForAsync<ReplicaExited>();

        await set.ReplaceAsync(V1, "crash", Cancelled);

        Assert.Equal(4, _host.Starts);
        Assert.Equal([0, 1, 2], _host.Running.Where(replica => !replica.Ended.IsCompleted).Select(replica => replica.Number).Order());
        Assert.Null(set.Observe().Amiss);
    }

    [Fact]
    public async Task ReplaceAsync_RestartWasAskedFor_ReplacesAll()
    {
        var set = await RunningAsync(V1);
        var before = _host.Running.Select(replica => replica.Id).ToList();

        await set.ReplaceAsync(V1, "signal", Cancelled);
        await SettledAsync();

        Assert.Empty(before.Intersect(_host.Running.Select(replica => replica.Id), StringComparer.Ordinal));
        Assert.Equal(3, _host.Running.Count);
    }

    [Fact]
    public async Task Observe_ReplicaDoesNotAnswer_IsAiling()
    {
        var set = await RunningAsync(V1);
        var since = DateTimeOffset.UtcNow;

        _backends.Ail(_host.Running[0].Id, since);

        Assert.Equal((_host.Running[0].Name, since), (set.Observe().Ailing?.Replica, set.Observe().Ailing?.Since));
    }

    [Fact]
    public async Task ReplaceAsync_ReplicaHasNotAnsweredForLong_ReplacesThatOne()
    {
        var set = await RunningAsync(V1);
        var silent = _host.Running[0];
        _backends.Ail(silent.Id, DateTimeOffset.UtcNow - TimeSpan.FromMinutes(5));

        await set.ReplaceAsync(V1, "crash", Cancelled);
        await SettledAsync();

        Assert.True(silent.IsStopped);
        Assert.Equal(4, _host.Starts);
    }

    [Fact]
    public async Task OpenAsync_AgentDied_AdoptsWhatServes()
    {
        for (var number = 0; number < 3; number++)
            _host.Add(V1, number);

        var set = await OpenAsync(V1);

        Assert.Equal([V1.Tag, V1.Tag, V1.Tag], _backends.Tags);
        Assert.Null(set.Observe().Amiss);
        Assert.Equal(3, _host.Starts);
        Assert.Equal(3, _events.Of<ReplicaAdopted>().Count());
    }

    [Fact]
    public async Task OpenAsync_AgentDiedInAnUpdate_ServesByAllUntilTheLiveReleaseIsWhole()
    {
        _host.Add(V1, 0);
        _host.Add(V2, 0);
        _host.Add(V2, 1);

        var set = await OpenAsync(V1);
        _backends.Watch();
        Assert.Equal("2 of 3 replicas of v1.0.0 missing", set.Observe().Amiss);
        await set.ReplaceAsync(V1, "replenish", Cancelled);
        await SettledAsync();

        Assert.Equal([V1.Tag, V1.Tag, V1.Tag], _backends.Tags);
        Assert.Equal(3, _backends.Fewest);
        Assert.Equal(5, _host.Starts);
    }

    [Fact]
    public async Task OpenAsync_SurvivorIsNotHealthy_IsReplaced()
    {
        _host.OnStart = (_, serial) => serial == 1 ? replica => replica.Status = 500 : null;
        var sick = _host.Add(V1, 0);
        _host.Add(V1, 1);
        _host.Add(V1, 2);

        var set = await OpenAsync(V1);
        await set.ReplaceAsync(V1, "replenish", Cancelled);
        await SettledAsync();

        Assert.True(sick.IsStopped);
        Assert.Equal(3, _host.Running.Count);
        Assert.Equal(4, _host.Starts);
    }

    [Fact]
    public async Task OpenAsync_StartedWithOtherOptions_ServesAndIsAmiss()
    {
        for (var number = 0; number < 3; number++)
            _host.Add(V1, number).IsAsConfigured = number != 1;

        var set = await OpenAsync(V1);
        Assert.Equal("1 of 3 replicas of v1.0.0 started with other options", set.Observe().Amiss);
        await set.ReplaceAsync(V1, "replenish", Cancelled);
        await SettledAsync();

        Assert.Equal(4, _host.Starts);
        Assert.Null(set.Observe().Amiss);
    }

    [Fact]
    public async Task OpenAsync_FewerAreWanted_TheSurplusLeaves()
    {
        for (var number = 0; number < 5; number++)
            _host.Add(V1, number);

        var set = await OpenAsync(V1);
        Assert.Equal("2 replica(s) too many", set.Observe().Amiss);
        await set.ReplaceAsync(V1, "replenish", Cancelled);
        await SettledAsync();

        Assert.Equal(3, _host.Running.Count);
        Assert.Equal(5, _host.Starts);
    }

    [Fact]
    public async Task LookAsync_SomebodyStartedACopy_ItIsTakenAway()
    {
        var set = await RunningAsync(V1);
        var copy = _host.Add(V1, 7);

        await set.LookAsync(Cancelled);
        Assert.Equal("1 replica(s) too many", set.Observe().Amiss);
        await set.ReplaceAsync(V1, "replenish", Cancelled);
        await SettledAsync();

        Assert.True(copy.IsStopped);
    }

    [Fact]
    public async Task TryDrain_Replica_LeavesAndIsMissed()
    {
        var set = await RunningAsync(V1);
        var first = _host.Running[0];

        Assert.True(set.TryDrain(first.Id));
        Assert.False(set.TryDrain("nobody"));
        await Eventually.IsTrueAsync(() => first.IsStopped, "it has left");

        Assert.Equal("1 of 3 replicas of v1.0.0 missing", set.Observe().Amiss);
        Assert.Null(set.Observe().LastExit);
    }

    [Fact]
    public async Task CloseAsync_Stop_EndsAllAndSaysHowMany()
    {
        var set = await RunningAsync(V1);

        await set.CloseAsync();

        Assert.Empty(_host.Running);
        Assert.Equal(3, Assert.Single(_events.Of<ReplicasCleaned>()).Count);
    }

    [Fact]
    public async Task CloseAsync_Leave_EndsNone()
    {
        var set = await RunningAsync(V1, options => options with { LeaveOnExit = true });

        await set.CloseAsync();

        Assert.Equal(3, _host.Running.Count(replica => !replica.IsStopped));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var set in _sets)
            await set.DisposeAsync();
        _host.Dispose();
    }

    private static LiveRelease Release(string tag) =>
        new() { Tag = tag, Key = $"localhost/app:{tag}", DeployedAt = DateTimeOffset.UnixEpoch, DeploymentId = tag };

    private async Task<ReplicaSet> OpenAsync(LiveRelease? live, Func<ReplicaOptions, ReplicaOptions>? change = null)
    {
        var options = new ReplicaOptions { Count = 3, HealthPath = "/health" };
        var set = new ReplicaSet("app", _host, _backends, proxy: null, change?.Invoke(options) ?? options, _events, TimeProvider.System);
        _sets.Add(set);
        await set.OpenAsync(live, Cancelled);
        return set;
    }

    private async Task<ReplicaSet> RunningAsync(LiveRelease release, Func<ReplicaOptions, ReplicaOptions>? change = null)
    {
        var set = await OpenAsync(live: null, change);
        await set.ReplaceAsync(release, "deploy", Cancelled);
        return set;
    }

    /// <summary>Those that leave have left.</summary>
    private Task SettledAsync() => Eventually.IsTrueAsync(() => _host.Running.Count == 3 && _backends.Current.Count == 3, "three are left");
}

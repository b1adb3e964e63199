using System.Collections.Concurrent;
using System.Net;
using Dewy.Engine.Proxy.Backends;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Proxy;

/// <summary>Races between claiming and closing. They keep every processor busy, so they run while nothing else does.</summary>
[Collection(nameof(Alone))]
public sealed class ClaimRaceTests
{
    private static readonly IPEndPoint Nowhere = new(IPAddress.Loopback, 9);

    /// <summary>
    /// Threads claim and release while another closes, many times over: a claim that is granted although it was closed
    /// before, or one that idleness does not wait for, shows as work on a backend that is gone.
    /// </summary>
    [Fact]
    public async Task TryClaim_WhileClosing_NeverWorksOnABackendThatIsGone()
    {
        const int Rounds = 2_000;
        const int Threads = 4;
        var current = new Round();
        var wrong = 0;
        var granted = 0L;
        using var end = new CancellationTokenSource();
        var workers = Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(
            () =>
            {
                while (!end.IsCancellationRequested)
                {
                    var round = Volatile.Read(ref current);
                    if (!round.Claims.TryClaim())
                        continue;
                    if (Volatile.Read(ref round.Gone))
                        Interlocked.Increment(ref wrong);
                    Interlocked.Increment(ref granted);
                    if (Volatile.Read(ref round.Gone))
                        Interlocked.Increment(ref wrong);
                    round.Claims.Release();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            var old = current;
            var before = Interlocked.Read(ref granted);
            SpinWait.SpinUntil(() => Interlocked.Read(ref granted) > before + 50, TimeSpan.FromSeconds(10));
            Volatile.Write(ref current, new Round());
            old.Claims.Close();
            await old.Claims.Idle.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            Volatile.Write(ref old.Gone, true);
        }

        await end.CancelAsync();
        await Task.WhenAll(workers);
        Assert.Equal(0, wrong);
        Assert.True(granted > Rounds, $"Only {granted} claims were granted: that proves nothing.");
    }

    /// <summary>Backends join and drain while many claim, as in a rolling update that never ends.</summary>
    [Fact]
    public async Task TryClaim_WhileBackendsComeAndGo_NeverGetsOneThatHasDrained()
    {
        const int Backends = 400;
        await using var set = new BackendSet(RunningProxy.Options(), new RecordingEventSink(), TimeProvider.System);
        set.Add("0", [Nowhere]);
        var gone = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        var (wrong, none, granted) = (0, 0, 0L);
        using var end = new CancellationTokenSource();
        var workers = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                while (!end.IsCancellationRequested)
                {
                    if (set.TryClaim() is not { } backend)
                    {
                        Interlocked.Increment(ref none);
                        continue;
                    }

                    if (gone.ContainsKey(backend.Id))
                        Interlocked.Increment(ref wrong);
                    Thread.SpinWait(20);
                    if (gone.ContainsKey(backend.Id))
                        Interlocked.Increment(ref wrong);
                    Interlocked.Increment(ref granted);
                    BackendSet.Release(backend);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();
        for (var number = 1; number <= Backends; number++)
        {
            set.Add($"{number}", [Nowhere]);
            Assert.Equal(0, await set.DrainAsync($"{number - 1}", TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
            gone[$"{number - 1}"] = true;
        }

        await end.CancelAsync();
        await Task.WhenAll(workers);
        Assert.Equal(0, wrong);
        Assert.Equal(0, none); // there was always one to have
        Assert.True(granted > Backends, $"Only {granted} claims were granted: that proves nothing.");
    }

    private sealed class Round
    {
        public bool Gone;

        public BackendClaims Claims { get; } = new();
    }
}

using Dewy.Engine.Proxy.Backends;
using Xunit;

namespace Dewy.Engine.Tests.Proxy;

public sealed class BackendClaimsTests
{
    [Fact]
    public void TryClaim_Closed_IsRefused()
    {
        var claims = new BackendClaims();
        Assert.True(claims.TryClaim());
        Assert.Equal(1, claims.Close());
        Assert.False(claims.TryClaim());
        Assert.False(claims.Idle.IsCompleted);
        claims.Release();
        Assert.True(claims.Idle.IsCompleted);
        Assert.Equal(0, claims.Count);
    }

    [Fact]
    public void Close_NoneInFlight_IsIdleAtOnce()
    {
        var claims = new BackendClaims();
        Assert.Equal(0, claims.Close());
        Assert.True(claims.Idle.IsCompleted);
    }

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

    private sealed class Round
    {
        public bool Gone;

        public BackendClaims Claims { get; } = new();
    }
}

using Dewy.Engine.Registries.Buckets;
using Dewy.Tests;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Registries.Buckets;

public sealed class BucketLeaseTests : IAsyncDisposable
{
    private const string Name = "thing.lease";

    private readonly FakeTimeProvider _time = new();
    private readonly RecordingEventSink _events = new();
    private readonly MemoryBucket _store;
    private readonly SharedBucket _bucket;

    public BucketLeaseTests()
    {
        _store = new MemoryBucket(_time);
        _bucket = new SharedBucket("mem://bucket", "", _store, "web-1", _events, _time);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _bucket.DisposeAsync();

    [Fact]
    public async Task TryAcquire_ManyAtOnce_OneHasIt()
    {
        var holds = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Lease().TryAcquireAsync(Token)));

        await using var held = Assert.Single(holds.OfType<BucketLeaseHold>());
    }

    [Fact]
    public async Task TryAcquire_Released_IsFree()
    {
        await using (await Lease().TryAcquireAsync(Token))
        {
            var other = Lease();
            Assert.Null(await other.TryAcquireAsync(Token));
            Assert.Equal("web-1", other.Holder);
        }

        await using var next = await Lease().TryAcquireAsync(Token);
        Assert.NotNull(next);
    }

    [Fact]
    public async Task TryAcquire_HolderLives_StaysHisForAnyTime()
    {
        await using var held = await Lease().TryAcquireAsync(Token);
        for (var step = 0; step < 20; step++)
        {
            // In small steps: the holder may not be waiting for the clock yet when it moves.
            var writes = Writes;
            await Eventually.IsTrueAsync(
                () =>
                {
                    _time.Advance(TimeSpan.FromSeconds(1));
                    return Writes > writes;
                },
                "the lease is renewed");
            await Eventually.IsTrueAsync(() => _store.Running == 0, "the renewal ended");
        }

        Assert.Null(await Lease().TryAcquireAsync(Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TryAcquire_HolderDied_IsTakenOverAfterItsTime(bool tellsAges)
    {
        _store.TellsAges = tellsAges;
        _store[Name] = [.. "{\"holder\":\"web-9\"}"u8];
        var lease = Lease();
        Assert.Null(await lease.TryAcquireAsync(Token));
        Assert.Equal("web-9", lease.Holder);

        _time.Advance(BucketLease.Duration + TimeSpan.FromSeconds(3));

        await using var taken = await lease.TryAcquireAsync(Token);
        Assert.NotNull(taken);
    }

    [Fact]
    public async Task Dispose_TakenOverMeanwhile_LeavesTheOthersLeaseAlone()
    {
        var held = Assert.IsType<BucketLeaseHold>(await Lease().TryAcquireAsync(Token));
        _store[Name] = [.. "somebody else's"u8];
        var writes = Writes;
        _time.Advance(TimeSpan.FromSeconds(10));
        await Eventually.IsTrueAsync(() => Writes > writes && _store.Running == 0, "the holder has tried to renew");

        await held.DisposeAsync();

        Assert.NotNull(_store[Name]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TryAcquire_ServerKnowsNoConditions_OneOfThoseWhoTryHasItAndThatIsTold(bool refuses)
    {
        _store.HonoursConditions = false;
        _store.RefusesConditions = refuses;
        var trying = Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Lease().TryAcquireAsync(Token)));
        while (!trying.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(200));
            await Task.WhenAny(trying, Task.Delay(TimeSpan.FromMilliseconds(20), Token));
        }

        await using var held = Assert.Single((await trying).OfType<BucketLeaseHold>());
        Assert.Contains("ignores conditions", Assert.Single(_events.Of<AttentionNeeded>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TryAcquire_BucketIsDown_IsToldOnceAndNotAskedAllTheTime()
    {
        _store.IsDown = true;
        for (var attempt = 0; attempt < 10; attempt++)
            await Assert.ThrowsAsync<BucketUnusableException>(() => Lease().TryAcquireAsync(Token));

        Assert.Single(_events.Of<AttentionNeeded>());
        Assert.True(_store.Calls.Count < 5, $"{_store.Calls.Count} calls");
        _store.IsDown = false;
        _time.Advance(TimeSpan.FromMinutes(1));
        await using var held = await Lease().TryAcquireAsync(Token);
        Assert.NotNull(held);
    }

    private int Writes => _store.Calls.Count(call => call == $"PUT {Name}");

    private BucketLease Lease() => new(_bucket, Name, _time);
}

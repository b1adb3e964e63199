using Dewy.Engine.Tests.Registries.Buckets;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Registries.Answers;

/// <summary>Two hundred agents and one bucket, for minutes of a simulated clock.</summary>
public sealed class FleetTests : IAsyncLifetime
{
    private const int Agents = 200;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly DateTimeOffset Start = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly Random _jitter = new(4711);
    private readonly MemoryBucket _bucket;
    private readonly FleetRegistry _registry;
    private readonly List<FleetHost> _hosts = [];

    public FleetTests()
    {
        _bucket = new MemoryBucket(_time);
        _registry = new FleetRegistry(_time);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _registry.Publish("v1.0.0");
        _hosts.AddRange(Enumerable.Range(0, Agents).Select(number => new FleetHost(_registry, _bucket, $"web-{number}", Window, _time) { Next = Start }));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
    }

    [Fact]
    public async Task Agents_OneRegistry_AskItOnceAWindowDownloadOnceAndSurviveItsOutage()
    {
        await RunUntilAsync(Start.AddSeconds(95));
        Assert.All(_hosts, host => Assert.Equal("v1.0.0", host.Tag));
        Assert.Equal(["v1.0.0"], _registry.Opened);

        _registry.Failure = new DewyException(ErrorCode.RegistryUnavailable, "It is down.");
        await RunUntilAsync(Start.AddSeconds(200));
        Assert.All(_hosts, host => Assert.NotEmpty(host.Events.Of<RegistryAnswerStale>()));

        _registry.Failure = null;
        _registry.Publish("v1.1.0");
        await RunUntilAsync(Start.AddSeconds(300));
        Assert.All(_hosts, host => Assert.Equal("v1.1.0", host.Tag));
        Assert.Equal(["v1.0.0", "v1.1.0"], _registry.Opened);

        var gaps = _registry.Listed.Zip(_registry.Listed.Skip(1), (earlier, later) => later - earlier).ToList();
        Assert.All(gaps, gap => Assert.True(gap >= Window, $"asked again after {gap}"));
        Assert.InRange(_registry.Listed.Count, 6, 10);
        Assert.Empty(_hosts.SelectMany(host => host.Events.Of<AttentionNeeded>()));
    }

    private async Task RunUntilAsync(DateTimeOffset end)
    {
        while (_time.GetUtcNow() < end)
        {
            var due = _hosts.Where(host => host.Next <= _time.GetUtcNow()).ToList();
            foreach (var host in due)
                host.Next = _time.GetUtcNow() + (Interval * (0.9 + (_jitter.NextDouble() * 0.2)));
            await PassTimeAsync(Task.WhenAll(due.Select(host => Task.Run(() => host.PollAsync(Token), Token))));
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Moves the clock on while nobody does anything but wait.</summary>
    private async Task PassTimeAsync(Task running)
    {
        while (!running.IsCompleted)
        {
            var calls = _bucket.Calls.Count;
            await Task.WhenAny(running, Task.Delay(TimeSpan.FromMilliseconds(50), Token));
            if (!running.IsCompleted && _bucket.Running == 0 && _registry.Running == 0 && _bucket.Calls.Count == calls)
                _time.Advance(TimeSpan.FromSeconds(1));
        }

        await running;
    }
}

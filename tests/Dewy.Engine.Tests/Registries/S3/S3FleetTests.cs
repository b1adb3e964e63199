using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Http;
using Dewy.Engine.Registries.S3;
using Dewy.Engine.Tests.Registries.Answers;
using Dewy.Tests.S3;
using Xunit;

namespace Dewy.Engine.Tests.Registries.S3;

/// <summary>Ten agents that share a bucket of a real S3 server.</summary>
public sealed class S3FleetTests(S3Rver server) : IAsyncLifetime
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly SkippingClock _clock = new();
    private readonly S3Rver _server = server;
    private readonly List<FleetHost> _hosts = [];
    private FleetRegistry? _registry;
    private S3Front? _front;
    private string _bucket = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private FleetRegistry Registry => _registry ?? throw new InvalidOperationException("Not started.");

    private S3Front Front => _front ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync()
    {
        _bucket = _server.CreateBucket();
        _front = new S3Front(_server, _bucket);
        await _front.OpenAsync();
        _registry = new FleetRegistry(_clock);
        _registry.Publish("v1.0.0");
        var address = S3Address.Read(RegistryCatalog.BuiltIn.Parse($"s3://eu-west-1/{_bucket}?endpoint={Uri.EscapeDataString(Front.Address.AbsoluteUri)}"), _ => null);
        var services = new RegistryServices { TimeProvider = _clock, Environment = S3Rver.Credentials };
        _hosts.AddRange(Enumerable.Range(0, 10).Select(number =>
            new FleetHost(_registry, new S3BucketStore(address, services, new HttpCallText { Subject = "the cache", Target = "the cache" }), $"web-{number}", Window, _clock)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
        await Front.DisposeAsync();
    }

    [Fact]
    public async Task Agents_OneRegistry_AskItOnceAWindowDownloadOnceAndSurviveItsOutage()
    {
        await PollAsync();
        Assert.Single(Registry.Listed);
        Assert.Equal(["v1.0.0"], Registry.Opened);

        Registry.Failure = new DewyException(ErrorCode.RegistryUnavailable, "It is down.");
        EndWindow();
        await PollAsync();
        await PollAsync();
        Assert.Equal(2, Registry.Listed.Count);
        Assert.All(_hosts, host => Assert.Single(host.Events.Of<RegistryAnswerStale>()));

        Registry.Failure = null;
        Registry.Publish("v1.1.0");
        EndWindow();
        await PollAsync();
        await PollAsync(); // those who found somebody asking were content with the older answer
        Assert.All(_hosts, host => Assert.Equal("v1.1.0", host.Tag));
        Assert.Equal(3, Registry.Listed.Count);
        Assert.Equal(["v1.0.0", "v1.1.0"], Registry.Opened);
        Assert.Empty(_hosts.SelectMany(host => host.Events.Of<AttentionNeeded>()));
    }

    [Fact]
    public async Task Agents_ServerIgnoresConditions_ShareAllTheSameAndAreTold()
    {
        Front.HonoursConditions = false; // as s3rver has it

        await PollAsync();
        await PollAsync();

        Assert.All(_hosts, host => Assert.Equal("v1.0.0", host.Tag));
        Assert.All(_hosts, host => Assert.Contains("ignores conditions", Assert.Single(host.Events.Of<AttentionNeeded>()).Message, StringComparison.Ordinal));
    }

    private Task PollAsync() => Task.WhenAll(_hosts.Select(async host =>
    {
        await host.PollAsync(Token);
        await host.UploadedAsync();
    }));

    /// <summary>Lets the window pass: for the hosts, and by the dates of the server, whose clock is the real one.</summary>
    private void EndWindow()
    {
        _clock.Skip(Window);
        foreach (var key in _server.Keys(_bucket).Where(key => key.StartsWith("registry-cache/", StringComparison.Ordinal) || key.StartsWith("fleet/registry-cache/", StringComparison.Ordinal)))
        {
            var path = _server.PathOf(_bucket, key);
            File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path) - Window);
        }
    }

    /// <summary>The real clock, which skips time where a test says so.</summary>
    private sealed class SkippingClock : TimeProvider
    {
        private TimeSpan _skipped;

        public void Skip(TimeSpan time) => _skipped += time;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _skipped;

        public override long GetTimestamp() => base.GetTimestamp() + (long)(_skipped.TotalSeconds * TimestampFrequency);
    }
}

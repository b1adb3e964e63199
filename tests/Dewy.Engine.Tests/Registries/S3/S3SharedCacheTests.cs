using Dewy.Engine.Composition;
using Dewy.Engine.Processes;
using Dewy.Engine.Releases;
using Dewy.Tests;
using Dewy.Tests.S3;
using Xunit;

namespace Dewy.Engine.Tests.Registries.S3;

/// <summary>Whole engines of two hosts, with their registry and their cache in buckets of a real S3 server.</summary>
public sealed class S3SharedCacheTests(S3Rver server) : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly RecordingEventSink _events = new();
    private readonly string _bucket = server.CreateBucket();
    private S3Front? _front;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private S3Front Front => _front ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync()
    {
        _front = new S3Front(server, _bucket);
        await _front.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Front.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Deploy_TwoHosts_AskTheRegistryAndDownloadOnce()
    {
        await server.PutAsync(_bucket, "releases/v1.0.0/app_linux_amd64", [.. "#!/bin/sh\n"u8], DateTimeOffset.UtcNow.AddHours(-1));

        foreach (var host in (string[])["web-1", "web-2"])
            Assert.Equal(DeploymentResult.Succeeded, (await Engine(host).DeployAsync(Options(host), force: false, _events, Token))?.Result);

        Assert.Single(Front.Requests, request => request.Method == "GET" && request.Path == $"/{_bucket}/releases/v1.0.0/app_linux_amd64");
        Assert.Single(Front.Requests, request => request.Method == "GET" && request.Path == $"/{_bucket}/cache/v1.0.0--app_linux_amd64");
        Assert.Single(Front.Requests, request => request.Query.Contains("prefix=releases%2F&", StringComparison.Ordinal) || request.Query.EndsWith("prefix=releases%2F", StringComparison.Ordinal));
        Assert.Equal(2, server.Keys(_bucket).Count(key => key.Contains("shipped_to_web-", StringComparison.Ordinal)));
        Assert.Equal(
            ["cache/.dewy-conditions", "cache/registry-cache/*.json", "cache/v1.0.0--app_linux_amd64", "cache/v1.0.0--app_linux_amd64.dewy.json"],
            server.Keys(_bucket).Where(key => key.StartsWith("cache/", StringComparison.Ordinal)).Select(key => key.Contains("registry-cache/", StringComparison.Ordinal) ? "cache/registry-cache/*.json" : key));
        Assert.Empty(_events.Of<AttentionNeeded>());
        Assert.All((string[])["web-1", "web-2"], host => Assert.Equal("#!/bin/sh\n", File.ReadAllText(Directory.EnumerateFiles(_directory.Combine(host, "current")).Single())));
    }

    [Fact]
    public async Task Deploy_CacheDoesNotExist_DeploysAllTheSameAndSaysSo()
    {
        await server.PutAsync(_bucket, "releases/v1.0.0/app_linux_amd64", [.. "#!/bin/sh\n"u8], DateTimeOffset.UtcNow.AddHours(-1));

        var deployment = await Engine("web-1").DeployAsync(Options("web-1", cacheBucket: "no-such-bucket"), force: false, _events, Token);

        Assert.Equal(DeploymentResult.Succeeded, deployment?.Result);
        Assert.Contains("no-such-bucket", Assert.Single(_events.Of<AttentionNeeded>()).Message, StringComparison.Ordinal);
    }

    private OptionSet Options(string host, string? cacheBucket = null) => new OptionSet()
        .Add("mode", "assets")
        .Add("registry", $"s3://eu-west-1/{_bucket}/releases")
        .Add("cache", $"s3://eu-west-1/{cacheBucket ?? _bucket}/cache?registry-ttl=10m")
        .Add("root", _directory.Combine(host));

    private DewyEngine Engine(string host) => new(new EngineServices
    {
        Time = TimeProvider.System,
        Environment = new Dictionary<string, string>(S3Rver.Credentials) { ["AWS_ENDPOINT_URL"] = Front.Address.AbsoluteUri, ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "" },
        Processes = new ProcessStarter(),
        Platform = HostPlatform.Parse("linux/amd64"),
        UserName = "tester",
        HostName = host,
        Jitter = () => 0.5,
    });
}

using System.Security.Cryptography;
using Dewy.Engine.Artifacts;
using Dewy.Engine.Artifacts.Caching;
using Dewy.Engine.Releases;
using Dewy.Engine.Tests.Registries.Buckets;
using Xunit;

namespace Dewy.Engine.Tests.Artifacts.Caching.Shared;

public sealed class SharedArtifactCacheTests : IAsyncDisposable
{
    private const string Name = "app_linux_amd64.tar.gz";
    private const string Key = $"fleet/v1.0.0--{Name}";

    private readonly MemoryBucket _bucket = new(TimeProvider.System);
    private readonly ScriptedReleaseSource _registry = new();
    private readonly List<SharedHost> _hosts = [];
    private readonly byte[] _content = RandomNumberGenerator.GetBytes(100_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private int Downloads => _registry.Opens.Count(call => call.Name == Name);

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
    }

    [Fact]
    public async Task GetOrFetch_SecondHost_TakesItFromTheBucket()
    {
        var request = Request();
        var first = await FetchAsync(Host("web-1"), request);

        var second = await FetchAsync(Host("web-2"), request);

        Assert.Equal(1, Downloads);
        Assert.True(second.Downloaded);
        Assert.NotEqual(first.Path, second.Path);
        Assert.Equal(_content, await File.ReadAllBytesAsync(second.Path, Token));
        Assert.Contains(Key, _bucket.Keys);
        Assert.DoesNotContain(_bucket.Keys, key => key.EndsWith(".lease", StringComparison.Ordinal));
    }

    [Fact]
    public async Task GetOrFetch_AgainOnTheSameHost_AsksNobody()
    {
        var request = Request();
        var host = Host("web-1");
        await FetchAsync(host, request);
        var calls = _bucket.Calls.Count;

        var again = await FetchAsync(host, request);

        Assert.False(again.Downloaded);
        Assert.Equal(calls, _bucket.Calls.Count);
    }

    [Fact]
    public async Task GetOrFetch_ManyHostsAtOnce_DownloadOnce()
    {
        var request = Request();

        var artifacts = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Host($"web-{number}").Cache.GetOrFetchAsync(request, Token)));

        Assert.Equal(1, Downloads);
        Assert.All(artifacts, artifact => Assert.Equal(Digest.Sha256(SHA256.HashData(_content)), artifact.Digest));
        Assert.Contains(_hosts, host => host.Events.Of<ArtifactAwaited>().Any(waited => waited.Holder?.StartsWith("web-", StringComparison.Ordinal) == true));
    }

    [Fact]
    public async Task GetOrFetch_FetcherFails_TheNextOneFetches()
    {
        var request = Request();
        _registry.OnOpen = (call, _) => throw new DewyException(ErrorCode.RegistryUnauthorized, "Not you.");
        await Assert.ThrowsAsync<DewyException>(() => Host("web-1").Cache.GetOrFetchAsync(request, Token));
        _registry.OnOpen = null;

        await FetchAsync(Host("web-2"), request);

        Assert.Equal(2, Downloads);
    }

    [Fact]
    public async Task GetOrFetch_BucketIsDown_FetchesAloneAndSaysSo()
    {
        _bucket.IsDown = true;
        var host = Host("web-1");

        var artifact = await FetchAsync(host, Request());

        Assert.Equal(_content.Length, artifact.Size);
        var told = Assert.Single(host.Events.Of<AttentionNeeded>());
        Assert.Contains("The bucket is down.", told.Message, StringComparison.Ordinal);
        Assert.NotNull(told.NextStep);
    }

    [Fact]
    public async Task GetOrFetch_UploadFails_StopsNothingAndSaysSo()
    {
        _bucket.BeforeWrite = key =>
        {
            if (key == Key)
                throw new DewyException(ErrorCode.RegistryUnauthorized, "Read-only.");
        };
        var host = Host("web-1");

        await FetchAsync(host, Request());

        Assert.Contains("Read-only.", Assert.Single(host.Events.Of<AttentionNeeded>()).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_bucket.Keys, key => key.EndsWith(".lease", StringComparison.Ordinal));
    }

    [Fact]
    public async Task GetOrFetch_ContentInTheBucketWasChanged_FetchesFromTheRegistryAndRepairs()
    {
        var request = Request();
        await FetchAsync(Host("web-1"), request);
        _bucket[Key] = [.. _content.Reverse()];
        var second = Host("web-2");

        var artifact = await FetchAsync(second, request);

        Assert.Equal(_content, await File.ReadAllBytesAsync(artifact.Path, Token));
        Assert.Equal(2, Downloads);
        Assert.Equal(_content, _bucket[Key]);
        Assert.Single(second.Events.Of<ArtifactRefused>());
        await FetchAsync(Host("web-3"), request);
        Assert.Equal(2, Downloads);
    }

    [Fact]
    public async Task GetOrFetch_ContentInTheBucketIsGone_FetchesFromTheRegistryAndRepairs()
    {
        var request = Request();
        await FetchAsync(Host("web-1"), request);
        await _bucket.DeleteAsync(Key, Token);

        await FetchAsync(Host("web-2"), request);
        await FetchAsync(Host("web-3"), request);

        Assert.Equal(2, Downloads);
    }

    [Fact]
    public async Task GetOrFetch_UploadWasCutBeforeTheDescription_IsDoneAgain()
    {
        _bucket[Key] = [1, 2, 3];

        await FetchAsync(Host("web-1"), Request());
        await FetchAsync(Host("web-2"), Request());

        Assert.Equal(1, Downloads);
        Assert.Equal(_content, _bucket[Key]);
    }

    [Fact]
    public async Task GetOrFetch_RegistryReplacedTheFile_IsFetchedAnewAndSharedAnew()
    {
        await FetchAsync(Host("web-1"), Request());
        var other = RandomNumberGenerator.GetBytes(50_000);
        var request = Request(other);

        var second = await FetchAsync(Host("web-2"), request);
        var third = await FetchAsync(Host("web-3"), request);

        Assert.Equal(Digest.Sha256(SHA256.HashData(other)), second.Digest);
        Assert.Equal(second.Digest, third.Digest);
        Assert.Equal(2, Downloads);
    }

    [Fact]
    public async Task GetOrFetch_DescriptionIsNonsense_IsAsGoodAsNone()
    {
        _bucket[Key + ".dewy.json"] = [.. "no json"u8];

        await FetchAsync(Host("web-1"), Request());
        await FetchAsync(Host("web-2"), Request());

        Assert.Equal(1, Downloads);
    }

    [Fact]
    public async Task GetOrFetch_RegistryIsDownOnTheSecondHost_UsesTheSharedChecksumFile()
    {
        var request = Request(checksums: true);
        await FetchAsync(Host("web-1", Required), request);
        _registry.OnOpen = (_, _) => throw new DewyException(ErrorCode.RegistryRateLimited, "Later.");

        var second = await FetchAsync(Host("web-2", Required), request);

        Assert.Equal([$"{Name}.sha256"], second.VerifiedBy);
    }

    [Fact]
    public async Task GetOrFetch_ChecksumOfTheRegistryDiffers_IsNotTakenFromTheBucket()
    {
        await FetchAsync(Host("web-1"), Request());
        var request = Request(checksums: true);
        _registry.Add($"{Name}.sha256", new string('0', 64));

        var failure = await Assert.ThrowsAsync<DewyException>(() => Host("web-2", Required).Cache.GetOrFetchAsync(request, Token));

        Assert.Equal(ErrorCode.ChecksumMismatch, failure.Code);
    }

    [Fact]
    public async Task GetOrFetch_TooLargeForOneObject_IsNotSharedAndSaysSo()
    {
        _bucket.LargestUpload = 1000;
        var host = Host("web-1");

        await FetchAsync(host, Request());

        Assert.Contains("more than one object", Assert.Single(host.Events.Of<AttentionNeeded>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetOrFetch_ServerKnowsNoConditions_SharesAllTheSame()
    {
        _bucket.HonoursConditions = false;

        await FetchAsync(Host("web-1"), Request());
        await FetchAsync(Host("web-2"), Request());

        Assert.Equal(1, Downloads);
    }

    private static ArtifactOptions Required => new() { VerifyChecksum = ChecksumPolicy.Required };

    private static async Task<CachedArtifact> FetchAsync(SharedHost host, ArtifactRequest request)
    {
        var artifact = await host.Cache.GetOrFetchAsync(request, Token);
        await host.Cache.UploadedAsync();
        return artifact;
    }

    private SharedHost Host(string name, ArtifactOptions? options = null)
    {
        var host = new SharedHost(_bucket, name, TimeProvider.System, options);
        lock (_hosts)
            _hosts.Add(host);
        return host;
    }

    private ArtifactRequest Request(byte[]? content = null, bool checksums = false)
    {
        var bytes = content ?? _content;
        var asset = _registry.Add(Name, bytes);
        var files = checksums ? (ReleaseAsset[])[asset, _registry.Add($"{Name}.sha256", Convert.ToHexStringLower(SHA256.HashData(bytes)))] : [asset];
        return new ArtifactRequest { Tag = "v1.0.0", Asset = asset, Files = files, Source = _registry };
    }
}

using System.Security.Cryptography;
using Dewy.Engine.Artifacts;
using Dewy.Engine.Artifacts.Caching;
using Dewy.Engine.Releases;
using Dewy.Engine.Tests.Artifacts.Verification;
using Dewy.Tests;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Artifacts.Caching;

public sealed class LocalArtifactCacheTests : IDisposable
{
    private const string Key = "v1.0.0--app.tar.gz";

    private readonly TemporaryDirectory _directory = new();
    private readonly RecordingEventSink _events = new();
    private readonly ScriptedReleaseSource _source = new();
    private readonly byte[] _content = RandomNumberGenerator.GetBytes(100_000);

    private string CachePath => _directory.Combine("cache");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task GetOrFetch_NewArtifact_StoresItUnderItsKeyAndTells()
    {
        var artifact = await Cache().GetOrFetchAsync(Request(Digest.Sha256(SHA256.HashData(_content))), Token);

        Assert.Equal(Path.Combine(CachePath, Key), artifact.Path);
        Assert.Equal((Key, "v1.0.0", _content.Length, true), (artifact.Key, artifact.Tag, artifact.Size, artifact.Downloaded));
        Assert.Equal(Digest.Sha256(SHA256.HashData(_content)), artifact.Digest);
        Assert.Equal("registry", Assert.Single(artifact.VerifiedBy));
        Assert.Equal("/the/root", artifact.Root);
        Assert.Equal(_content, await File.ReadAllBytesAsync(artifact.Path, Token));
        Assert.Equal(artifact, Assert.Single(_events.Of<ArtifactCached>()).Artifact);
        Assert.Empty(Directory.GetFiles(CachePath, "*.partial"));
    }

    [Fact]
    public async Task GetOrFetch_AlreadyThere_AsksTheSourceNothing()
    {
        var first = await Cache().GetOrFetchAsync(Request(), Token);
        var second = await Cache().GetOrFetchAsync(Request(), Token);

        Assert.Single(_source.Opens);
        Assert.False(second.Downloaded);
        Assert.Equal(first with { Downloaded = false }, second with { VerifiedBy = first.VerifiedBy });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GetOrFetch_EntryDamaged_IsSetAsideAndFetchedAgain(bool sameLength)
    {
        var first = await Cache().GetOrFetchAsync(Request(), Token);
        await File.WriteAllBytesAsync(first.Path, sameLength ? new byte[_content.Length] : [1, 2, 3], Token);

        var second = await Cache().GetOrFetchAsync(Request(), Token);

        Assert.True(second.Downloaded);
        Assert.Equal(_content, await File.ReadAllBytesAsync(second.Path, Token));
        var refused = Assert.Single(_events.Of<ArtifactRefused>());
        Assert.StartsWith(Path.Combine(CachePath, "quarantine"), refused.QuarantinePath, StringComparison.Ordinal);
        Assert.True(File.Exists(refused.QuarantinePath));
    }

    [Fact]
    public async Task GetOrFetch_DescriptionDamaged_FetchesAgain()
    {
        var first = await Cache().GetOrFetchAsync(Request(), Token);
        await File.WriteAllTextAsync(first.Path + CacheFileName.DescriptionSuffix, """{"key":null,"size":-1}""", Token);

        Assert.True((await Cache().GetOrFetchAsync(Request(), Token)).Downloaded);
        Assert.Equal(first.Digest, (await Cache().GetAsync(Key, Token))?.Digest);
    }

    [Fact]
    public async Task GetOrFetch_StatedDigestChangedUnderTheSameName_FetchesTheNewContent()
    {
        await Cache().GetOrFetchAsync(Request(Digest.Sha256(SHA256.HashData(_content))), Token);
        var replacement = RandomNumberGenerator.GetBytes(_content.Length);

        var second = await Cache().GetOrFetchAsync(Request(replacement, Digest.Sha256(SHA256.HashData(replacement))), Token);

        Assert.True(second.Downloaded);
        Assert.Equal(replacement, await File.ReadAllBytesAsync(second.Path, Token));
        Assert.Empty(_events.Of<ArtifactRefused>());
    }

    [Fact]
    public async Task GetOrFetch_FileWrittenAnewWithoutDigests_FetchesTheNewContent()
    {
        var written = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var request = Request();
        await Cache().GetOrFetchAsync(request with { Asset = request.Asset with { ModifiedAt = written } }, Token);

        Assert.False((await Cache().GetOrFetchAsync(request with { Asset = request.Asset with { ModifiedAt = written } }, Token)).Downloaded);
        Assert.True((await Cache().GetOrFetchAsync(request with { Asset = request.Asset with { ModifiedAt = written.AddSeconds(1) } }, Token)).Downloaded);
    }

    [Fact]
    public async Task GetOrFetch_Mismatch_SetsTheFileAsideWithItsReasonAndStoresNothing()
    {
        var failure = await Assert.ThrowsAsync<DewyException>(() => Cache().GetOrFetchAsync(Request(Digest.Parse($"sha256:{new string('0', 64)}")), Token));

        Assert.Equal(ErrorCode.ChecksumMismatch, failure.Code);
        var refused = Assert.Single(_events.Of<ArtifactRefused>());
        Assert.Equal(_content, await File.ReadAllBytesAsync(refused.QuarantinePath, Token));
        Assert.Contains(new string('0', 64), await File.ReadAllTextAsync(refused.QuarantinePath + ".reason.txt", Token), StringComparison.Ordinal);
        Assert.Empty(Cache().List());
        Assert.Empty(Directory.GetFiles(CachePath));
    }

    [Fact]
    public async Task GetOrFetch_ManyMismatches_KeepsTheNewestFive()
    {
        var time = new FakeTimeProvider();
        for (var i = 0; i < 7; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Assert.ThrowsAsync<DewyException>(() => Cache(timeProvider: time).GetOrFetchAsync(Request(Digest.Parse("crc32c:00000001")), Token));
        }

        var kept = _events.Of<ArtifactRefused>().Select(refused => refused.QuarantinePath).TakeLast(5).SelectMany(path => new[] { path, path + ".reason.txt" });
        Assert.Equal(kept.Order(StringComparer.Ordinal), Directory.GetFiles(Path.Combine(CachePath, "quarantine")).Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public async Task GetOrFetch_SameKeyFromManyCachesAtOnce_FetchesOnce()
    {
        var artifacts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Cache().GetOrFetchAsync(Request(), Token), Token)));

        Assert.Single(_source.Opens);
        Assert.Single(artifacts, artifact => artifact.Downloaded);
        Assert.All(artifacts, artifact => Assert.Equal(artifacts[0].Digest, artifact.Digest));
    }

    [Fact]
    public async Task GetOrFetch_AnotherProcessHoldsTheEntryTooLong_IsATimeoutThatNamesIt()
    {
        var time = new FakeTimeProvider();
        Directory.CreateDirectory(CachePath);
        using var held = new CacheLocks(CachePath, TimeSpan.Zero, time).TryAcquireSlot(CacheLocks.SlotOf(Key));
        Assert.NotNull(held);

        var fetch = Cache(new ArtifactOptions { DownloadTimeout = TimeSpan.FromMinutes(1) }, time).GetOrFetchAsync(Request(), Token);
        await Eventually.IsTrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMinutes(1));
                return fetch.IsCompleted;
            },
            "waiting ends");

        var failure = await Assert.ThrowsAsync<DewyException>(() => fetch);
        Assert.Equal(ErrorCode.Timeout, failure.Code);
        Assert.Contains(Key, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("feature/../../../x", "app.tar.gz")]
    [InlineData("..", "..")]
    [InlineData("v1", "a\0b")]
    [InlineData("v1", "/etc/passwd")]
    public async Task GetOrFetch_HostileNames_StayInsideTheDirectory(string tag, string name)
    {
        var asset = _source.Add(name, _content);

        var artifact = await Cache().GetOrFetchAsync(new ArtifactRequest { Tag = tag, Asset = asset, Source = _source }, Token);

        Assert.Equal(CachePath, Path.GetDirectoryName(artifact.Path));
        Assert.Equal($"{tag}--{name}", artifact.Key);
        Assert.Equal(artifact.Digest, (await Cache().GetAsync($"{tag}--{name}", Token))?.Digest);
        Assert.Equal([CachePath], Directory.GetFileSystemEntries(_directory.Path), StringComparer.Ordinal);
    }

    [Fact]
    public async Task GetOrFetch_PlainNameTakenByAnotherKey_UsesAnotherFile()
    {
        // What a case-insensitive file system shows for a key that differs in case: a description of the other one.
        var first = await Cache().GetOrFetchAsync(Request(), Token);
        var description = first.Path + CacheFileName.DescriptionSuffix;
        await File.WriteAllTextAsync(description, (await File.ReadAllTextAsync(description, Token)).Replace(Key, Key.ToUpperInvariant(), StringComparison.Ordinal), Token);

        var second = await Cache().GetOrFetchAsync(Request(), Token);

        Assert.True(second.Downloaded);
        Assert.NotEqual(first.Path, second.Path, StringComparer.OrdinalIgnoreCase);
        Assert.False((await Cache().GetOrFetchAsync(Request(), Token)).Downloaded);
        Assert.Equal(2, Cache().List().Count);
    }

    [Fact]
    public async Task GetOrFetch_Cancelled_LeavesNothing()
    {
        using var cancellation = new CancellationTokenSource();
        var stalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _source.OnOpen = (call, _) => _source.Serve(call, stream => ScriptedStream.Stalling(stream, 1000, stalled));

        var fetch = Cache().GetOrFetchAsync(Request(), cancellation.Token);
        await stalled.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch);
        Assert.Empty(Directory.GetFiles(CachePath));
        _source.OnOpen = null;
        Assert.True((await Cache().GetOrFetchAsync(Request(), Token)).Downloaded);
    }

    [Fact]
    public async Task GetOrFetch_LeftoversOfDeadProcesses_AreRemovedButNotWhatIsBeingFetched()
    {
        Directory.CreateDirectory(CachePath);
        var alive = "v2--alive.zip";
        var mine = Path.Combine(CachePath, $"{alive}.{CacheLocks.SlotOf(alive)}.partial");
        var dead = Path.Combine(CachePath, $"v2--dead.zip.{CacheLocks.SlotOf("v2--dead.zip")}.partial");
        var foreign = Path.Combine(CachePath, "movie.partial");
        foreach (var path in new[] { mine, dead, foreign })
            await File.WriteAllTextAsync(path, "half", Token);
        Assert.NotEqual(CacheLocks.SlotOf(alive), CacheLocks.SlotOf("v2--dead.zip"), StringComparer.Ordinal);
        using var held = new CacheLocks(CachePath, TimeSpan.Zero, TimeProvider.System).TryAcquireSlot(CacheLocks.SlotOf(alive));

        await Cache().GetAsync("v3--other", Token);

        Assert.Equal(new[] { foreign, mine }.Order(StringComparer.Ordinal), Directory.GetFiles(CachePath).Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public async Task GetOrFetch_DiedBetweenDescriptionAndContent_IsFetchedAgain()
    {
        var first = await Cache().GetOrFetchAsync(Request(), Token);
        File.Delete(first.Path);

        Assert.Empty(Cache().List());
        Assert.Null(await Cache().GetAsync(Key, Token));
        Assert.Empty(Directory.GetFiles(CachePath));
        Assert.True((await Cache().GetOrFetchAsync(Request(), Token)).Downloaded);
    }

    [Fact]
    public async Task GetOrFetch_AboveTheSizeLimit_EvictsOldestFirstAndNothingProtected()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var cache = Cache(new ArtifactOptions { MaxCacheSize = 250_000 }, time);
        var keys = new List<string>();
        foreach (var tag in new[] { "v1", "v2", "v3", "v4" })
        {
            time.Advance(TimeSpan.FromMinutes(1));
            keys.Add($"{tag}--app.tar.gz");
            await cache.GetOrFetchAsync(Request() with { Tag = tag, ProtectedKeys = ["v1--app.tar.gz"] }, Token);
        }

        Assert.Equal("v4--app.tar.gz v1--app.tar.gz", string.Join(' ', cache.List().Select(entry => entry.Key)));
        Assert.Equal("v2--app.tar.gz v3--app.tar.gz", string.Join(' ', _events.Of<CacheEvicted>().Select(evicted => evicted.Key)));
        Assert.All(_events.Of<CacheEvicted>(), evicted => Assert.Equal(_content.Length, evicted.Size));
        Assert.Equal(4, Directory.GetFiles(CachePath).Length);
    }

    [Fact]
    public async Task GetOrFetch_OnlyEntryLargerThanTheLimit_IsKept()
    {
        await Cache(new ArtifactOptions { MaxCacheSize = 10 }).GetOrFetchAsync(Request(), Token);

        Assert.Single(Cache().List());
    }

    [Fact]
    public async Task GetOrFetch_KeyDemandedLater_FetchesAndVerifiesTheSignature()
    {
        var asset = _source.Add("app.tar.gz", SignatureSamples.Content);
        var signature = _source.Add("app.tar.gz.minisig", SignatureSamples.MinisignHashed);
        var request = new ArtifactRequest { Tag = "v1.0.0", Asset = asset, Files = [asset, signature], Source = _source };
        await File.WriteAllTextAsync(_directory.Combine("key.pub"), SignatureSamples.MinisignKey, Token);
        var options = new ArtifactOptions { VerifyKey = _directory.Combine("key.pub") };
        await Cache().GetOrFetchAsync(request, Token);

        Assert.Equal(ErrorCode.SignatureMismatch, (await Assert.ThrowsAsync<DewyException>(() => Cache(options).GetAsync(Key, Token))).Code);
        Assert.Equal("app.tar.gz.minisig", Assert.Single((await Cache(options).GetOrFetchAsync(request, Token)).VerifiedBy));
        Assert.False((await Cache(options).GetOrFetchAsync(request, Token)).Downloaded);
        Assert.NotNull(await Cache(options).GetAsync(Key, Token));
    }

    [Fact]
    public async Task Get_StoredWithoutVoucherAndNowRequired_IsRefused()
    {
        await Cache().GetOrFetchAsync(Request(), Token);

        var failure = await Assert.ThrowsAsync<DewyException>(() => Cache(new ArtifactOptions { VerifyChecksum = ChecksumPolicy.Required }).GetAsync(Key, Token));

        Assert.Equal(ErrorCode.ChecksumMissing, failure.Code);
    }

    [Fact]
    public async Task Get_Damaged_IsNullAndSetAside()
    {
        var artifact = await Cache().GetOrFetchAsync(Request(), Token);
        await File.AppendAllTextAsync(artifact.Path, "x", Token);

        Assert.Null(await Cache().GetAsync(Key, Token));
        Assert.Single(_events.Of<ArtifactRefused>());
        Assert.Empty(Cache().List());
    }

    [Fact]
    public void List_NoDirectory_IsEmptyAndCreatesNone()
    {
        Assert.Empty(Cache().List());
        Assert.False(Directory.Exists(CachePath));
    }

    [Fact]
    public async Task GetOrFetch_DiskFull_SaysSoAndLeavesNothing()
    {
        using var small = SmallFileSystem.Mount("1m");
        var large = _source.Add("large.zip", new byte[2 << 20]);

        var failure = await Assert.ThrowsAsync<DewyException>(() => Cache(directory: small.Path).GetOrFetchAsync(new ArtifactRequest { Tag = "v1", Asset = large, Source = _source }, Token));

        Assert.Equal(ErrorCode.DiskFull, failure.Code);
        Assert.Contains($"{2 << 20:N0} more bytes", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(small.Path));
    }

    [Fact]
    public async Task GetOrFetch_ReadOnlyFileSystem_SaysSo()
    {
        using var small = SmallFileSystem.Mount("1m");
        small.MakeReadOnly();

        var failure = await Assert.ThrowsAsync<DewyException>(() => Cache(directory: small.Path).GetOrFetchAsync(Request(), Token));

        Assert.Equal(ErrorCode.RootReadOnly, failure.Code);
        Assert.Contains(small.Path, failure.Message, StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private LocalArtifactCache Cache(ArtifactOptions? options = null, TimeProvider? timeProvider = null, string? directory = null) =>
        new(directory ?? CachePath, "/the/root", options ?? new ArtifactOptions(), _events, timeProvider ?? new ImpatientTimeProvider());

    private ArtifactRequest Request(params Digest[] stated) => Request(_content, stated);

    private ArtifactRequest Request(byte[] content, params Digest[] stated)
    {
        ReleaseAsset asset = _source.Add("app.tar.gz", content, stated);
        return new ArtifactRequest { Tag = "v1.0.0", Asset = asset, Files = [asset], Source = _source };
    }
}

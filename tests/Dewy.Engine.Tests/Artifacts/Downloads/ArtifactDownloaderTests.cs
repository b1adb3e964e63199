using System.Security.Cryptography;
using Dewy.Engine.Artifacts;
using Dewy.Engine.Artifacts.Downloads;
using Dewy.Engine.Artifacts.Hashing;
using Dewy.Engine.Registries;
using Dewy.Engine.Releases;
using Dewy.Tests;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Artifacts.Downloads;

public sealed class ArtifactDownloaderTests : IDisposable
{
    private const int Cut = 1_500_000;

    private readonly TemporaryDirectory _directory = new();
    private readonly RecordingEventSink _events = new();
    private readonly ScriptedReleaseSource _source = new();
    private readonly byte[] _content = RandomNumberGenerator.GetBytes(3_000_001);

    private string Target => _directory.Combine("artifact.partial");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Download_HealthySource_WritesContentAndComputesEveryDigest()
    {
        var asset = _source.Add("app.tar.gz", _content);

        var digests = await DownloadAsync(asset, algorithms: ["sha512"]);

        Assert.Equal(_content, await File.ReadAllBytesAsync(Target, Token));
        Assert.Equal(_content.Length, digests.Length);
        Assert.Equal(Digest.Sha256(SHA256.HashData(_content)), digests.Sha256);
        Assert.Equal(Convert.ToHexStringLower(SHA512.HashData(_content)), digests.Find("sha512")?.Hex);
    }

    [Fact]
    public async Task Download_CutInTheMiddle_ResumesWhereItBroke()
    {
        var asset = _source.Add("app.tar.gz", _content);
        _source.OnOpen = (call, number) => number == 1 ? _source.Serve(call, stream => ScriptedStream.Cutting(stream, Cut, () => new IOException("reset"))) : _source.Serve(call);

        var digests = await DownloadAsync(asset);

        Assert.Equal([0, Cut], _source.Opens.Select(open => open.Offset));
        Assert.NotNull(_source.Opens[1].Validator);
        Assert.Equal(Digest.Sha256(SHA256.HashData(_content)), digests.Sha256);
        Assert.Equal(_content, await File.ReadAllBytesAsync(Target, Token));
    }

    [Fact]
    public async Task Download_ContentReplacedBetweenRanges_StartsAgainWithTheNewContent()
    {
        var asset = _source.Add("app.tar.gz", _content);
        var replacement = RandomNumberGenerator.GetBytes(_content.Length);
        _source.OnOpen = (call, number) =>
        {
            if (number > 1)
                return _source.Serve(call);
            var first = _source.Serve(call, stream => ScriptedStream.Cutting(stream, Cut, () => new HttpRequestException("reset")));
            _source.Add("app.tar.gz", replacement);
            return first;
        };

        var digests = await DownloadAsync(asset);

        Assert.Equal(Digest.Sha256(SHA256.HashData(replacement)), digests.Sha256);
        Assert.Equal(replacement, await File.ReadAllBytesAsync(Target, Token));
    }

    [Fact]
    public async Task Download_RangeAnsweredWithAnotherValidator_AsksAgainFromZero()
    {
        var asset = _source.Add("app.tar.gz", _content);
        var replacement = RandomNumberGenerator.GetBytes(_content.Length);
        _source.OnOpen = (call, number) => number switch
        {
            1 => _source.Serve(call, stream => ScriptedStream.Cutting(stream, Cut, () => new IOException("reset"))),
            2 => new ArtifactContent { Stream = new MemoryStream(replacement[Cut..]), Offset = Cut, TotalLength = replacement.Length, Validator = "another" },
            _ => new ArtifactContent { Stream = new MemoryStream(replacement), TotalLength = replacement.Length, Validator = "another" },
        };

        var digests = await DownloadAsync(asset);

        Assert.Equal([0, Cut, 0], _source.Opens.Select(open => open.Offset));
        Assert.Equal(Digest.Sha256(SHA256.HashData(replacement)), digests.Sha256);
    }

    [Fact]
    public async Task Download_SourceRefusesToResume_StartsAgainFromZero()
    {
        var asset = _source.Add("app.tar.gz", _content);
        _source.OnOpen = (call, number) => number switch
        {
            1 => _source.Serve(call, stream => ScriptedStream.Cutting(stream, Cut, () => new IOException("reset"))),
            2 => throw new DewyException(ErrorCode.RegistryMalformed, "The file changed."),
            _ => _source.Serve(call),
        };

        var digests = await DownloadAsync(asset);

        Assert.Equal(Digest.Sha256(SHA256.HashData(_content)), digests.Sha256);
    }

    [Fact]
    public async Task Download_NoValidator_StartsAgainFromZero()
    {
        var asset = _source.Add("app.tar.gz", _content);
        _source.OnOpen = (call, number) =>
        {
            var stream = new MemoryStream(_content);
            return new ArtifactContent { Stream = number == 1 ? ScriptedStream.Cutting(stream, Cut, () => new IOException("reset")) : stream, TotalLength = _content.Length };
        };

        var digests = await DownloadAsync(asset);

        Assert.Equal([0, 0], _source.Opens.Select(open => open.Offset));
        Assert.Equal(Digest.Sha256(SHA256.HashData(_content)), digests.Sha256);
    }

    [Fact]
    public async Task Download_CutOftenButAlwaysFurther_Completes()
    {
        var large = RandomNumberGenerator.GetBytes(20 << 20);
        var asset = _source.Add("app.tar.gz", large);
        _source.OnOpen = (call, _) => _source.Serve(call, stream => ScriptedStream.Cutting(stream, 700_000, () => new IOException("reset")));

        var digests = await DownloadAsync(asset);

        Assert.True(_source.Opens.Count > 20, "more cuts than one round of tries bears");
        Assert.Equal(Digest.Sha256(SHA256.HashData(large)), digests.Sha256);
    }

    [Fact]
    public async Task Download_CutAtTheSamePlaceEachTime_GivesUpAndSaysWhere()
    {
        var asset = _source.Add("app.tar.gz", _content);
        _source.OnOpen = (call, _) => _source.Serve(call with { Offset = 0 }, stream => ScriptedStream.Cutting(stream, 100_000, () => new IOException("reset by peer")));

        var failure = await Assert.ThrowsAsync<DewyException>(() => DownloadAsync(asset));

        Assert.Equal(ErrorCode.DownloadTruncated, failure.Code);
        Assert.Contains("100,000 bytes", failure.Message, StringComparison.Ordinal);
        Assert.Contains("reset by peer", failure.Message, StringComparison.Ordinal);
        Assert.Equal(6, _source.Opens.Count);
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    [Theory]
    [InlineData(ErrorCode.RegistryUnavailable, 6)]
    [InlineData(ErrorCode.RegistryTimeout, 6)]
    [InlineData(ErrorCode.RegistryUnauthorized, 1)]
    [InlineData(ErrorCode.RegistryRateLimited, 1)]
    [InlineData(ErrorCode.ArtifactNotFound, 1)]
    public async Task Download_SourceFails_IsTriedAgainOnlyWhereThatMayHelp(ErrorCode code, int tries)
    {
        var asset = _source.Add("app.tar.gz", _content);
        _source.OnOpen = (_, _) => throw new DewyException(code, "No.");

        var failure = await Assert.ThrowsAsync<DewyException>(() => DownloadAsync(asset));

        Assert.Equal(code, failure.Code);
        Assert.Equal(tries, _source.Opens.Count);
    }

    [Fact]
    public async Task Download_EndsShortOfAnnouncedLength_IsTruncated()
    {
        var asset = _source.Add("app.tar.gz", _content);
        _source.OnOpen = (_, _) => new ArtifactContent { Stream = new MemoryStream(_content[..1000]), TotalLength = _content.Length };

        var failure = await Assert.ThrowsAsync<DewyException>(() => DownloadAsync(asset));

        Assert.Equal(ErrorCode.DownloadTruncated, failure.Code);
        Assert.Contains("1,000 of 3,000,001 bytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Download_AnswerShorterThanTheRegistrySaid_IsTruncated()
    {
        var asset = _source.Add("app.tar.gz", _content) with { Size = _content.Length + 5 };

        var failure = await Assert.ThrowsAsync<DewyException>(() => DownloadAsync(asset));

        Assert.Equal(ErrorCode.DownloadTruncated, failure.Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Download_LongerThanAnnounced_IsRefused(bool answerTells)
    {
        var asset = _source.Add("app.tar.gz", _content) with { Size = 1000 };
        _source.OnOpen = (_, _) => new ArtifactContent { Stream = new MemoryStream(_content), TotalLength = answerTells ? _content.Length : null };

        var failure = await Assert.ThrowsAsync<DewyException>(() => DownloadAsync(asset));

        Assert.Equal(ErrorCode.DownloadTooLarge, failure.Code);
        Assert.Contains("1,000 bytes", failure.Message, StringComparison.Ordinal);
        Assert.Single(_source.Opens);
    }

    [Fact]
    public async Task Download_AnnouncedAboveTheLimit_IsRefusedBeforeAnythingIsAsked()
    {
        var asset = _source.Add("app.tar.gz", _content);

        var failure = await Assert.ThrowsAsync<DewyException>(() => DownloadAsync(asset, new ArtifactOptions { MaxArtifactSize = 1000 }));

        Assert.Equal(ErrorCode.DownloadTooLarge, failure.Code);
        Assert.Empty(_source.Opens);
    }

    [Fact]
    public async Task Download_EndlessContent_StopsAtTheLimit()
    {
        var asset = _source.Add("app.tar.gz", _content) with { Size = null };
        _source.OnOpen = (_, _) => new ArtifactContent { Stream = ScriptedStream.Generated() };

        var failure = await Assert.ThrowsAsync<DewyException>(() => DownloadAsync(asset, new ArtifactOptions { MaxArtifactSize = 5 << 20 }));

        Assert.Equal(ErrorCode.DownloadTooLarge, failure.Code);
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public async Task Download_LargerThanFreeSpace_SaysHowMuchIsNeededAndAvailable()
    {
        var asset = _source.Add("app.tar.gz", _content) with { Size = 1L << 50 };
        _source.OnOpen = (_, _) => new ArtifactContent { Stream = ScriptedStream.Generated() };

        var failure = await Assert.ThrowsAsync<DewyException>(() => DownloadAsync(asset, new ArtifactOptions { MaxArtifactSize = long.MaxValue }));

        Assert.Equal(ErrorCode.DiskFull, failure.Code);
        Assert.Contains($"{1L << 50:N0} more bytes", failure.Message, StringComparison.Ordinal);
        Assert.Contains("are available", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public async Task Download_DiskFillsMeanwhile_IsDiskFullAndNotTriedAgain()
    {
        using var small = SmallFileSystem.Mount("2m");
        var asset = _source.Add("app.tar.gz", _content) with { Size = null };
        _source.OnOpen = (_, _) => new ArtifactContent { Stream = ScriptedStream.Generated() };

        var failure = await Assert.ThrowsAsync<DewyException>(() => DownloadAsync(asset, path: Path.Combine(small.Path, "x.partial")));

        Assert.Equal(ErrorCode.DiskFull, failure.Code);
        Assert.Single(_source.Opens);
        Assert.Empty(Directory.GetFiles(small.Path));
    }

    [Fact]
    public async Task Download_NoByteForAMinute_IsTriedAgain()
    {
        var time = new FakeTimeProvider();
        var stalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asset = _source.Add("app.tar.gz", _content);
        _source.OnOpen = (call, number) => number == 1 ? _source.Serve(call, stream => ScriptedStream.Stalling(stream, Cut, stalled)) : _source.Serve(call);

        var download = DownloadAsync(asset, timeProvider: time);
        await stalled.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        time.Advance(DownloadSession.StallLimit - TimeSpan.FromSeconds(1));
        Assert.Single(_source.Opens);
        time.Advance(TimeSpan.FromSeconds(2));
        await Eventually.IsTrueAsync(() => Advanced(time, () => download.IsCompleted), "the download is over");

        Assert.Equal(Digest.Sha256(SHA256.HashData(_content)), (await download).Sha256);
        Assert.Equal([0, Cut], _source.Opens.Select(open => open.Offset));
    }

    [Fact]
    public async Task Download_LongerThanTheDeadline_IsATimeout()
    {
        var time = new FakeTimeProvider();
        var stalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asset = _source.Add("app.tar.gz", _content);
        _source.OnOpen = (call, _) => _source.Serve(call, stream => ScriptedStream.Stalling(stream, Cut, stalled));

        var download = DownloadAsync(asset, new ArtifactOptions { DownloadTimeout = TimeSpan.FromSeconds(40) }, timeProvider: time);
        await stalled.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        time.Advance(TimeSpan.FromSeconds(41));
        var failure = await Assert.ThrowsAsync<DewyException>(() => download);

        Assert.Equal(ErrorCode.RegistryTimeout, failure.Code);
        Assert.Contains("00:00:40", failure.Message, StringComparison.Ordinal);
        Assert.Single(_source.Opens);
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public async Task Download_Cancelled_LeavesNothing()
    {
        using var cancellation = new CancellationTokenSource();
        var stalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asset = _source.Add("app.tar.gz", _content);
        _source.OnOpen = (call, _) => _source.Serve(call, stream => ScriptedStream.Stalling(stream, Cut, stalled));

        var download = DownloadAsync(asset, cancellationToken: cancellation.Token);
        await stalled.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Single(Directory.GetFiles(_directory.Path));
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => download);
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public async Task Download_ManyChunksWithinAMoment_SaysSoAtMostFiveTimesASecond()
    {
        var time = new FakeTimeProvider();
        var asset = _source.Add("app.tar.gz", _content) with { Size = 16 << 20 };
        _source.OnOpen = (_, _) => new ArtifactContent
        {
            TotalLength = 16 << 20,
            Stream = new ScriptedStream((position, buffer, _) =>
            {
                time.Advance(TimeSpan.FromMilliseconds(50)); // 16 buffers of 1 MiB: 0.8 s
                return ValueTask.FromResult((int)Math.Min(buffer.Length, (16 << 20) - position));
            }),
        };

        await DownloadAsync(asset, timeProvider: time);

        var progress = _events.Of<DownloadProgressed>().ToList();
        Assert.InRange(progress.Count, 4, 6);
        Assert.Equal(16 << 20, progress[^1].Bytes);
        Assert.All(progress, step => Assert.Equal((16L << 20, "key"), (step.Total, step.Key)));
    }

    [Fact]
    public async Task Download_200Megabytes_KeepsMemoryFlat()
    {
        const long length = 200L << 20;
        long most = 0;
        var generated = ScriptedStream.Generated(length);
        var asset = _source.Add("app.tar.gz", _content) with { Size = length };
        _source.OnOpen = (_, _) => new ArtifactContent
        {
            TotalLength = length,
            Stream = new ScriptedStream((_, buffer, token) =>
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false));
                return generated.ReadAsync(buffer, token);
            }),
        };
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var digests = await DownloadAsync(asset);

        Assert.Equal(length, digests.Length);
        Assert.True(most - before < length * 3 / 4, $"{most - before:N0} bytes more were in use"); // generous: other tests run beside this one
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static bool Advanced(FakeTimeProvider time, Func<bool> done)
    {
        if (!done())
            time.Advance(TimeSpan.FromSeconds(1));
        return done();
    }

    private Task<ContentDigests> DownloadAsync(
        ReleaseAsset asset,
        ArtifactOptions? options = null,
        TimeProvider? timeProvider = null,
        string? path = null,
        string[]? algorithms = null,
        CancellationToken? cancellationToken = null) =>
        new ArtifactDownloader(options ?? new ArtifactOptions(), _events, timeProvider ?? new ImpatientTimeProvider()).DownloadAsync(
            new DownloadRequest { Key = "key", Source = _source, Asset = asset, Path = path ?? Target, Algorithms = algorithms ?? [] },
            cancellationToken ?? Token);
}

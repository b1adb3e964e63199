using System.Security.Cryptography;
using Dewy.Engine.Artifacts;
using Dewy.Engine.Artifacts.Downloads;
using Dewy.Engine.Artifacts.Hashing;
using Dewy.Engine.Registries;
using Dewy.Engine.Releases;
using Dewy.Engine.Tests.Artifacts;
using Dewy.Tests;
using Dewy.Tests.Http;
using Xunit;

namespace Dewy.Engine.Tests.Registries.Http;

/// <summary>Downloads over real connections that go wrong.</summary>
public sealed class HttpDownloadTests : IAsyncLifetime
{
    private const string Path = "/app.tar.gz";

    private readonly TemporaryDirectory _directory = new();
    private readonly byte[] _content = RandomNumberGenerator.GetBytes(3_000_001);
    private readonly FileServer _server = new() { RefusesCredentials = false };

    private string Target => _directory.Combine("app.partial");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync();
        _server.Put(Path, _content);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Download_CutTenTimesAtRandom_IsByteExactAndFetchesNothingTwice()
    {
        var content = RandomNumberGenerator.GetBytes(24 << 20);
        _server.Put(Path, content);
        var cuts = Enumerable.Range(0, 10).Select(_ => (long)Random.Shared.Next(1_100_000, 2_200_000)).ToList();
        foreach (var cut in cuts)
            _server.Add(new Fault.CutAfter(cut) { Times = 1 });
        TestContext.Current.TestOutputHelper?.WriteLine($"Cuts: {string.Join(", ", cuts)}");

        var digests = await DownloadAsync(content.Length, new ImpatientTimeProvider());

        Assert.Equal(Digest.Sha256(SHA256.HashData(content)), digests.Sha256);
        Assert.Equal(content, await File.ReadAllBytesAsync(Target, Token));
        Assert.Equal(11, _server.Requests.Count);
        Assert.All(_server.Requests.Skip(1), request => Assert.StartsWith("bytes=", request.Header("Range"), StringComparison.Ordinal));
        Assert.All(_server.Requests.Skip(1), request => Assert.NotNull(request.Header("If-Range")));
    }

    [Fact]
    public async Task Download_CutAndServerWithoutRanges_StartsAgain()
    {
        _server.IgnoresRanges = true;
        _server.Add(new Fault.CutAfter(1_000_000) { Times = 1 });

        await DownloadAsync(_content.Length, new ImpatientTimeProvider());

        Assert.Equal(_content, await File.ReadAllBytesAsync(Target, Token));
    }

    [Fact]
    public async Task Download_CutAndNoValidator_StartsAgain()
    {
        _server.Put(Path, _content, etag: "");
        _server.Add(new Fault.CutAfter(1_000_000) { Times = 1 });

        await DownloadAsync(_content.Length, new ImpatientTimeProvider());

        Assert.Equal(_content, await File.ReadAllBytesAsync(Target, Token));
        Assert.All(_server.Requests, request => Assert.Null(request.Header("Range")));
    }

    [Fact]
    public async Task Download_ContentChangedBetweenRanges_IsAllOfTheNewContent()
    {
        var replacement = RandomNumberGenerator.GetBytes(_content.Length);
        _server.Add(new Fault.CutAfter(1_000_000) { Times = 1 });
        _server.Before = request =>
        {
            if (request.Headers.Range.Count > 0)
                _server.Put(Path, replacement);
        };

        await DownloadAsync(_content.Length, new ImpatientTimeProvider());

        Assert.Equal(replacement, await File.ReadAllBytesAsync(Target, Token));
    }

    [Fact]
    public async Task Download_Stalls_IsATimeoutAndLeavesNothing()
    {
        _server.Add(new Fault.StallAfter(1000));

        var failure = await Assert.ThrowsAsync<DewyException>(() => DownloadAsync(_content.Length, new HastyTimeProvider()));

        Assert.Equal(ErrorCode.RegistryTimeout, failure.Code);
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public async Task Download_StallsOnce_GoesOnFromThere()
    {
        _server.Add(new Fault.StallAfter(1_000_000) { Times = 1 });

        await DownloadAsync(_content.Length, new HastyTimeProvider());

        Assert.Equal(_content, await File.ReadAllBytesAsync(Target, Token));
        Assert.Equal("bytes=1000000-", _server.Requests.Last().Header("Range"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Download_LyingLength_IsRefusedAndLeavesNothing(bool registryTellsLength)
    {
        _server.Add(new Fault.LyingLength(7));

        var failure = await Assert.ThrowsAsync<DewyException>(() => DownloadAsync(registryTellsLength ? _content.Length : null, new ImpatientTimeProvider()));

        Assert.Contains(failure.Code, new[] { ErrorCode.DownloadTruncated, ErrorCode.DownloadTooLarge, ErrorCode.RegistryUnavailable });
        Assert.False(File.Exists(Target));
    }

    [Theory]
    [InlineData("text/html", "<html>Please sign in</html>", true)]
    [InlineData("text/html; charset=utf-8", "<html>Please sign in</html>", false)]
    [InlineData("application/json", """{"message":"no"}""", true)]
    [InlineData("application/problem+json", """{"title":"no"}""", false)]
    [InlineData("application/xml", "<Error/>", false)]
    public async Task Download_PageWithStatus200_IsNeverAnArtifact(string contentType, string page, bool registryTellsLength)
    {
        _server.Add(new Fault.Answer(200, page, contentType));

        var failure = await Assert.ThrowsAsync<DewyException>(() => DownloadAsync(registryTellsLength ? _content.Length : null, new ImpatientTimeProvider()));

        Assert.Equal(ErrorCode.RegistryMalformed, failure.Code);
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public async Task Download_PageOfTheRightTypeForAnotherLength_IsNeverAnArtifact()
    {
        _server.Add(new Fault.Answer(200, "some text", "application/octet-stream"));

        var failure = await Assert.ThrowsAsync<DewyException>(() => DownloadAsync(_content.Length, new ImpatientTimeProvider()));

        Assert.Equal(ErrorCode.DownloadTruncated, failure.Code);
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public async Task Download_PageInPlaceOfARange_IsNeverPartOfAnArtifact()
    {
        _server.Add(new Fault.CutAfter(1_000_000) { Times = 1 });
        _server.Add(Fault.Page with { Times = 1 });

        var thrown = await Record.ExceptionAsync(() => DownloadAsync(_content.Length, new ImpatientTimeProvider()));

        // Refused, the downloader asks again from the beginning.
        Assert.Null(thrown);
        Assert.Equal(_content, await File.ReadAllBytesAsync(Target, Token));
    }

    [Theory]
    [InlineData("bytes 999999-3000000/3000001", null)]
    [InlineData("bytes 1000001-3000000/3000001", null)]
    [InlineData("bytes 1000000-3000000/3000001", "\"other\"")]
    [InlineData("bytes 1000000-3000000/3000001", "")]
    [InlineData("bytes */3000001", null)]
    public async Task Download_RangeThatWasNotAskedFor_IsNotUsed(string range, string? etag)
    {
        var known = $"\"{Convert.ToHexStringLower(SHA256.HashData(_content))[..16]}\"";
        _server.Add(new Fault.CutAfter(1_000_000) { Times = 1 });
        var headers = new List<(string, string)> { ("Content-Range", range) };
        if (etag is not "")
            headers.Add(("ETag", etag ?? known));
        _server.Add(new Fault.Answer(206, new string('x', 2_000_001), "application/octet-stream", [.. headers]) { Times = 1 });

        await DownloadAsync(_content.Length, new ImpatientTimeProvider());

        Assert.Equal(_content, await File.ReadAllBytesAsync(Target, Token));
    }

    private async Task<ContentDigests> DownloadAsync(long? length, TimeProvider time)
    {
        await using var source = new HttpFileSource(new RegistryServices { TimeProvider = time });
        var asset = new ReleaseAsset { Name = "app.tar.gz", Location = new Uri(_server.Address, Path), Size = length };
        return await new ArtifactDownloader(new ArtifactOptions(), new RecordingEventSink(), time).DownloadAsync(
            new DownloadRequest { Key = "key", Source = source, Asset = asset, Path = Target }, Token);
    }
}

using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Folder;
using Dewy.Engine.Releases;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Registries;

public sealed class FolderReleaseSourceTests : IDisposable
{
    private static readonly DateTimeOffset Day = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ReleaseCandidate First = new() { Tag = "v1.0.0" };
    private readonly TemporaryDirectory _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ListAsync_Layout_IsReleasesWithTheAgeOfTheirNewestFile()
    {
        Put("v1.0.0", "app.zip", Day);
        Put("v1.0.0", "app.zip.sha256", Day.AddHours(-1));
        Put("v1.0.0", "shipped_to_web1_assets_at_20260401T120000.000000000Z.txt", Day.AddDays(30));
        Put("v1.1.0", "app.zip", Day.AddDays(1));
        File.WriteAllText(_folder.Combine("README"), "no release");

        var source = Source();
        var listing = await source.ListAsync(Cancellation);

        Assert.Equal([("v1.0.0", Day), ("v1.1.0", Day.AddDays(1))], await AgesAsync(source));
        Assert.False(listing.NotModified);
    }

    [Fact]
    public async Task ListAsync_ReleaseWithoutFiles_HasTheAgeOfItsDirectory()
    {
        Directory.CreateDirectory(_folder.Combine("v1.0.0"));
        Directory.SetLastWriteTimeUtc(_folder.Combine("v1.0.0"), Day.UtcDateTime);

        Assert.Equal([("v1.0.0", Day)], await AgesAsync(Source()));
    }

    [Theory]
    [InlineData(".v1.0.0")]
    [InlineData("v1.0.0\\..\\x")]
    [InlineData("v1.0.0\n")]
    [InlineData("v1.0.0\u001b[2J")]
    [InlineData("v1.0.0\u202e")]
    [InlineData("v1.0.0.partial")]
    [InlineData("v1.0.0.tmp")]
    [InlineData("-rf")]
    [InlineData("C:")]
    public async Task ListAsync_HostileName_IsIgnored(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Such names cannot be there.");
        Put(name, "app.zip", Day);
        Put("v1.0.0", "app.zip", Day);

        Assert.Equal([("v1.0.0", Day)], await AgesAsync(Source()));
    }

    [Fact]
    public async Task ListAsync_All_HasEveryReleaseWithItsAgeAndArtifact()
    {
        Put("v1.0.0", "app_linux_amd64", Day);
        Put("1.0.0", "app_linux_amd64", Day.AddDays(2));
        Put("v0.9.0", "app_linux_amd64", Day.AddDays(1));
        var finder = new ReleaseFinder(Source(), new ReleaseCriteria(), HostPlatform.Parse("linux/amd64"), TimeProvider.System);

        var releases = await finder.ListAsync(all: true, Cancellation);

        Assert.Equal([("1.0.0", Day.AddDays(2)), ("v1.0.0", Day), ("v0.9.0", Day.AddDays(1))], releases.Select(release => (release.Tag, release.CreatedAt ?? DateTimeOffset.MinValue)));
        Assert.All(releases, release => Assert.Equal("app_linux_amd64", release.Artifact?.Name));
        Assert.Equal("1.0.0", (await finder.FindNewestAsync(Cancellation)).Release.Tag);
    }

    [Fact]
    public async Task ListAssetsAsync_Files_AreThoseOfTheRelease()
    {
        Put("v1.0.0", "app linux#1 100%.zip", Day, "12345");
        Put("v1.0.0", "empty.zip", Day, "");
        foreach (var name in new[] { ".hidden", "app.zip.partial", "app.zip.tmp", "shipped_to_web1_server_at_20260301T120000.000000000Z.txt" })
            Put("v1.0.0", name, Day);
        Directory.CreateDirectory(_folder.Combine("v1.0.0", "directory"));

        var assets = await Source().ListAssetsAsync(First, Cancellation);

        Assert.Equal(
            [("app linux#1 100%.zip", 5, true), ("empty.zip", 0, false)],
            assets.Select(asset => (asset.Name, asset.Size ?? -1, asset.Complete)).Order());
        Assert.All(assets, asset => Assert.Equal(Day, asset.ModifiedAt));
    }

    [Fact]
    public async Task ListAsync_Links_AreFollowedUnlessTheyLeadNowhere()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        Put("store", "app.zip", Day, "12345");
        Directory.CreateDirectory(_folder.Combine("registry", "v1.1.0"));
        Directory.CreateSymbolicLink(_folder.Combine("registry", "v1.0.0"), _folder.Combine("store"));
        File.CreateSymbolicLink(_folder.Combine("registry", "v1.1.0", "app.zip"), _folder.Combine("store", "app.zip"));
        File.CreateSymbolicLink(_folder.Combine("registry", "v1.1.0", "gone.zip"), _folder.Combine("store", "gone.zip"));
        File.CreateSymbolicLink(_folder.Combine("registry", "v1.1.0", "circle.zip"), _folder.Combine("registry", "v1.1.0", "circle.zip"));
        Directory.CreateSymbolicLink(_folder.Combine("registry", "v9.9.9"), _folder.Combine("nowhere"));
        var source = Source("registry");

        Assert.Equal([("v1.0.0", Day), ("v1.1.0", Day)], await AgesAsync(source));
        Assert.Equal(5, Assert.Single(await source.ListAssetsAsync(new ReleaseCandidate { Tag = "v1.1.0" }, Cancellation)).Size);
        await using var content = await source.OpenAsync(Assert.Single(await source.ListAssetsAsync(First, Cancellation)), 0, null, Cancellation);
        Assert.Equal("12345", await ReadAsync(content));
    }

    [Fact]
    public async Task ListAsync_NoFolder_IsRegistryNotFound()
    {
        var failure = await Assert.ThrowsAsync<DewyException>(() => Source("missing").ListAsync(Cancellation));

        Assert.Equal((ErrorCode.RegistryNotFound, _folder.Combine("missing")), (failure.Code, failure.Target));
    }

    [Fact]
    public async Task ListAsync_FileInPlaceOfTheFolder_IsRegistryNotFound()
    {
        File.WriteAllText(_folder.Combine("file"), "");

        Assert.Equal(ErrorCode.RegistryNotFound, (await Assert.ThrowsAsync<DewyException>(() => Source("file").ListAsync(Cancellation))).Code);
    }

    [Fact]
    public async Task ListAsync_UnreadableFolder_IsRegistryUnauthorized()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes of Unix.");
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Root reads everything.");
        Directory.CreateDirectory(_folder.Combine("closed"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder.Combine("closed"), UnixFileMode.None);

        Assert.Equal(ErrorCode.RegistryUnauthorized, (await Assert.ThrowsAsync<DewyException>(() => Source("closed").ListAsync(Cancellation))).Code);
    }

    [Fact]
    public void Explain_AccessDenied_IsRegistryUnauthorized() =>
        Assert.Equal(ErrorCode.RegistryUnauthorized, FolderFailure.Explain(new UnauthorizedAccessException(), "/srv").Code);

    [Theory]
    [InlineData("../outside")]
    [InlineData("..")]
    [InlineData("/etc")]
    public async Task ListAssetsAsync_TagThatLeavesTheFolder_IsReleaseNotFound(string tag) =>
        Assert.Equal(ErrorCode.ReleaseNotFound, (await Assert.ThrowsAsync<DewyException>(() => Source().ListAssetsAsync(new ReleaseCandidate { Tag = tag }, Cancellation))).Code);

    [Fact]
    public async Task OpenAsync_OffsetWithItsValidator_GoesOnThere()
    {
        Put("v1.0.0", "app.zip", Day, "0123456789");
        var source = Source();
        var asset = Assert.Single(await source.ListAssetsAsync(First, Cancellation));

        await using var first = await source.OpenAsync(asset, 0, null, Cancellation);
        await using var rest = await source.OpenAsync(asset, 4, first.Validator, Cancellation);

        Assert.Equal((0, 10, 4), (first.Offset, first.TotalLength, rest.Offset));
        Assert.Equal("456789", await ReadAsync(rest));
    }

    [Fact]
    public async Task OpenAsync_FileChangedSince_StartsAtItsBeginning()
    {
        Put("v1.0.0", "app.zip", Day, "0123456789");
        var source = Source();
        var asset = Assert.Single(await source.ListAssetsAsync(First, Cancellation));
        string? validator;
        await using (var first = await source.OpenAsync(asset, 0, null, Cancellation))
            validator = first.Validator;
        Put("v1.0.0", "app.zip", Day.AddSeconds(1), "abcdefghij");

        await using var again = await source.OpenAsync(asset, 4, validator, Cancellation);

        Assert.Equal(0, again.Offset);
        Assert.Equal("abcdefghij", await ReadAsync(again));
    }

    [Fact]
    public async Task OpenAsync_FileGone_IsArtifactNotFound()
    {
        Put("v1.0.0", "app.zip", Day);
        var source = Source();
        var asset = Assert.Single(await source.ListAssetsAsync(First, Cancellation));
        Directory.Delete(_folder.Combine("v1.0.0"), recursive: true);

        Assert.Equal(ErrorCode.ArtifactNotFound, (await Assert.ThrowsAsync<DewyException>(() => source.OpenAsync(asset, 0, null, Cancellation))).Code);
    }

    [Fact]
    public async Task ReportAsync_Release_GetsAnEmptyFileThatIsNoAsset()
    {
        Put("v1.0.0", "app.zip", Day);
        var source = Source();

        await source.ReportAsync(Report("v1.0.0"), Cancellation);

        Assert.Equal(0, new FileInfo(_folder.Combine("v1.0.0", "shipped_to_web1_server_at_20260301T120000.000000000Z.txt")).Length);
        Assert.Single(await source.ListAssetsAsync(First, Cancellation));
        Assert.Equal([("v1.0.0", Day)], await AgesAsync(source));
    }

    [Fact]
    public async Task ReportAsync_NoSuchRelease_IsReportFailed() =>
        Assert.Equal(ErrorCode.ReportFailed, (await Assert.ThrowsAsync<DewyException>(() => Source().ReportAsync(Report("v9.9.9"), Cancellation))).Code);

    [Fact]
    public async Task ReportAsync_HostNameThatIsAPath_IsReportFailed()
    {
        Put("v1.0.0", "app.zip", Day);

        Assert.Equal(ErrorCode.ReportFailed, (await Assert.ThrowsAsync<DewyException>(() => Source().ReportAsync(Report("v1.0.0") with { Host = "../x" }, Cancellation))).Code);
    }

    private static ShippingReport Report(string tag) => new()
    {
        Release = new Release { Registry = "file", Tag = tag, Version = tag },
        Command = "server",
        Host = "WEB1",
        At = Day,
    };

    private static async Task<IEnumerable<(string Tag, DateTimeOffset CreatedAt)>> AgesAsync(IReleaseSource source)
    {
        var ages = new List<(string, DateTimeOffset)>();
        foreach (var release in (await source.ListAsync(Cancellation)).Releases)
            ages.Add((release.Tag, (await source.DescribeAsync(release, Cancellation)).CreatedAt ?? DateTimeOffset.MinValue));
        return ages.Order();
    }

    private static async Task<string> ReadAsync(ArtifactContent content)
    {
        using var reader = new StreamReader(content.Stream, leaveOpen: true);
        return await reader.ReadToEndAsync(Cancellation);
    }

    private IReleaseSource Source(string? below = null)
    {
        var address = RegistryAddress.Parse("file://./" + below, _folder.Path);
        return RegistryCatalog.BuiltIn.Create(address, new RegistryServices { TimeProvider = TimeProvider.System });
    }

    private void Put(string release, string name, DateTimeOffset at, string content = "content")
    {
        Directory.CreateDirectory(_folder.Combine(release));
        var path = _folder.Combine(release, name);
        File.WriteAllText(path, content);
        File.SetLastWriteTimeUtc(path, at.UtcDateTime);
    }
}

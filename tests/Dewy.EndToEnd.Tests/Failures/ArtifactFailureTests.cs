using System.Formats.Tar;
using System.IO.Compression;
using Dewy.EndToEnd.Tests.Hosting;
using Xunit;

namespace Dewy.EndToEnd.Tests.Failures;

/// <summary>Artifacts that must never become live.</summary>
public sealed class ArtifactFailureTests
{
    [Fact]
    public async Task ChecksumMismatch_IsSetAsideAndNeverDeployed()
    {
        await using var application = await WithLiveReleaseAsync();
        application.Registry.Publish("v2.0.0", ReleaseFolder.Pack(("a-version.txt", "v2.0.0")), checksum: new string('0', 64));

        await Expect.FailedAsync(application, ErrorCode.ChecksumMismatch, "fetch", ["app.tar.gz", new string('0', 64), "app.tar.gz.sha256"]);

        Assert.Contains(Directory.EnumerateFiles(application.Observed.Layout.Cache, "*", SearchOption.AllDirectories), path => path.EndsWith(".reason.txt", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TruncatedArchive_IsNamed()
    {
        await using var application = await WithLiveReleaseAsync();
        var whole = ReleaseFolder.Pack(("a-version.txt", "v2.0.0"), ("filler.txt", string.Concat(Enumerable.Range(0, 20_000))));
        application.Registry.Publish("v2.0.0", whole[..(whole.Length / 2)]);

        await Expect.FailedAsync(application, ErrorCode.ArchiveCorrupt, "extract", ["app.tar.gz"]);
    }

    [Fact]
    public async Task UnsupportedArchive_SaysWhatIsRead()
    {
        await using var application = await WithLiveReleaseAsync();
        application.Registry.Publish("v2.0.0", [.. "Rar!\x1a\a\x01\0"u8, .. new byte[100]], name: "app.rar");

        await Expect.FailedAsync(application, ErrorCode.ArchiveUnsupported, "extract", ["app.rar"], ("registry", $"file://{application.Registry.Path}?artifact=app.*"));
    }

    [Fact]
    public async Task UnsafeEntry_IsNamedAndNothingIsWrittenOutside()
    {
        await using var application = await WithLiveReleaseAsync();
        application.Registry.Publish("v2.0.0", ReleaseFolder.Pack(("a-version.txt", "v2.0.0"), ("../../evil.txt", "evil")));

        await Expect.FailedAsync(application, ErrorCode.ArchiveUnsafe, "extract", ["app.tar.gz", "../../evil.txt"]);

        Assert.Empty(Directory.EnumerateFiles(application.Combine(), "evil.txt", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Bomb_IsStoppedByItsRatio()
    {
        await using var application = await WithLiveReleaseAsync();
        application.Registry.Publish("v2.0.0", Bomb());

        await Expect.FailedAsync(application, ErrorCode.ArchiveBomb, "extract", ["app.tar.gz", "bomb.bin", "bytes came out of"]);
    }

    private static async Task<SampleApplication> WithLiveReleaseAsync()
    {
        var application = new SampleApplication(DeploymentMode.Assets);
        await application.DeployAsync("v1.0.0");
        return application;
    }

    /// <summary>128 MiB of zeros in some 130 KiB.</summary>
    private static byte[] Bomb()
    {
        using var archive = new MemoryStream();
        using (var gzip = new GZipStream(archive, CompressionLevel.SmallestSize, leaveOpen: true))
        using (var tar = new TarWriter(gzip))
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "bomb.bin") { DataStream = new MemoryStream(new byte[128 << 20]) });
        return archive.ToArray();
    }
}

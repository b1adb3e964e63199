using System.IO.Compression;
using System.Text;
using Dewy.Tests;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Artifacts.Extraction;

/// <summary>What an artifact is taken for.</summary>
public sealed class FormatTests
{
    private static readonly byte[] Elf = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, .. new byte[100]];

    [Theory]
    [InlineData("myapp-linux-amd64")]
    [InlineData("myapp_1.2.3_linux_arm64")]
    [InlineData("myapp.exe")]
    [InlineData("myapp.AppImage")]
    public async Task ExtractAsync_SingleExecutable_IsPlacedUnderItsName(string name)
    {
        Component.Linux();
        using var extraction = new Extraction();

        await extraction.RunAsync(name, Elf);

        Assert.Equal([$"{name} f 755"], await extraction.ModesAsync());
        Assert.Equal(Elf, File.ReadAllBytes(extraction.Extracted(name)));
    }

    [Theory]
    [InlineData("run.sh", "#!/bin/sh\n")]
    [InlineData("run", "plain text without a shebang")]
    [InlineData("index.html", "<!doctype html>")]
    public async Task ExtractAsync_SingleFileOfAnyKind_IsPlacedUnderItsName(string name, string content)
    {
        using var extraction = new Extraction();

        await extraction.RunAsync(name, Encoding.UTF8.GetBytes(content));

        Assert.Equal(content, File.ReadAllText(extraction.Extracted(name)));
    }

    [Fact]
    public async Task ExtractAsync_CompressedExecutable_LosesItsEnding()
    {
        Component.Linux();
        using var extraction = new Extraction();

        await extraction.RunAsync("myapp-linux-amd64.gz", Compressed.GZip(Elf));

        Assert.Equal(["myapp-linux-amd64 f 755"], await extraction.ModesAsync());
        Assert.Equal(Elf, File.ReadAllBytes(extraction.Extracted("myapp-linux-amd64")));
    }

    [Fact]
    public async Task ExtractAsync_TarWithoutTarInItsName_IsFoundByContent()
    {
        using var extraction = new Extraction();

        await extraction.RunAsync("artifact.gz", Compressed.GZip(new TarBytes().File("inside").End()));

        Assert.True(File.Exists(extraction.Extracted("inside")));
    }

    [Fact]
    public async Task ExtractAsync_CacheKeyAsPathAndArtifactName_UsesTheArtifactName()
    {
        using var extraction = new Extraction();
        var path = extraction.Write("v1.2.3--myapp", Elf);

        await extraction.RunAsync(path, name: "myapp");

        Assert.True(File.Exists(extraction.Extracted("myapp")));
    }

    [Fact]
    public async Task ExtractAsync_JavaArchive_StaysOneFile()
    {
        using var extraction = new Extraction();

        await extraction.RunAsync("app.jar", new ZipBytes().File("META-INF/MANIFEST.MF").End());

        Assert.Equal([extraction.Extracted("app.jar")], Directory.GetFileSystemEntries(extraction.Destination));
    }

    [Theory]
    [InlineData("a.rar", "Rar!\u001a\a", "RAR")]
    [InlineData("a.deb", "!<arch>\ndebian-binary", "Debian")]
    [InlineData("a.tar.gz", "Rar!\u001a\a", "RAR")]
    [InlineData("a.cab", "MSCF", "cabinet")]
    [InlineData("a.dmg", "anything", "a.dmg")]
    [InlineData("a.lz", "LZIP", "lzip")]
    public async Task ExtractAsync_FormatThatIsNotSupported_SaysWhatIs(string name, string content, string told)
    {
        using var extraction = new Extraction();

        var refusal = await extraction.RefuseAsync(name, Encoding.Latin1.GetBytes(content));

        Assert.Equal(ErrorCode.ArchiveUnsupported, refusal.Code);
        Assert.Contains(told, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(".tar.zst", refusal.NextStep, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zip", "zip -q -P secret ../a.zip f", "a.zip")]
    [InlineData("7z", "7z a -tzip -psecret -mem=AES256 ../a.zip f", "a.zip")]
    [InlineData("7z", "7z a -psecret ../a.7z f", "a.7z")]
    [InlineData("7z", "7z a -psecret -mhe=on ../a.7z f", "a.7z")]
    public async Task ExtractAsync_Encrypted_IsUnsupported(string program, string pack, string name)
    {
        using var extraction = new Extraction();
        File.WriteAllText(Path.Combine(extraction.Source, "f"), "content");
        await Tool.RunAsync(extraction.Source, pack, program);

        var refusal = await Assert.ThrowsAsync<DewyException>(() => extraction.RunAsync(Path.Combine(extraction.Base, name)));

        Assert.Equal(ErrorCode.ArchiveUnsupported, refusal.Code);
        Assert.Contains("encrypted", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExtractAsync_ZstandardWithHugeWindow_IsUnsupported()
    {
        using var extraction = new Extraction();
        File.WriteAllBytes(Path.Combine(extraction.Source, "f"), SampleTree.Content(1000));
        await Tool.RunAsync(extraction.Source, "tar -cf - f | zstd -q --ultra -22 --long=31 > ../a.tar.zst", "tar", "zstd");

        var refusal = await Assert.ThrowsAsync<DewyException>(() => extraction.RunAsync(Path.Combine(extraction.Base, "a.tar.zst")));

        Assert.Equal(ErrorCode.ArchiveUnsupported, refusal.Code);
        Assert.Contains("--long=27", refusal.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExtractAsync_XzWithBranchFilter_IsUnsupported()
    {
        using var extraction = new Extraction();
        File.WriteAllBytes(Path.Combine(extraction.Source, "f"), SampleTree.Content(100_000));
        await Tool.RunAsync(extraction.Source, "tar -cf - f | xz --x86 --lzma2 > ../a.tar.xz", "tar", "xz");

        var refusal = await Assert.ThrowsAsync<DewyException>(() => extraction.RunAsync(Path.Combine(extraction.Base, "a.tar.xz")));

        Assert.Equal(ErrorCode.ArchiveUnsupported, refusal.Code);
    }

    [Fact]
    public async Task ExtractAsync_ZipOfUnknownMethod_IsUnsupportedWithTheEntry()
    {
        using var extraction = new Extraction();
        var archive = new ZipBytes().Add("strange"u8.ToArray(), "x"u8.ToArray(), 0, record: record => record[10] = 97).End();

        var refusal = await extraction.RefuseAsync("a.zip", archive);

        Assert.Equal(ErrorCode.ArchiveUnsupported, refusal.Code);
        Assert.Contains("'strange'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("97", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExtractAsync_ZipFromWindows_ReadsBackslashesAndMakesProgramsExecutable()
    {
        Component.Linux();
        using var extraction = new Extraction();
        var archive = new ZipBytes().File("app\\bin\\run.sh", "#!/bin/sh\n", mode: 0, host: 0).File("app\\readme.txt", "text", mode: 0, host: 0).File("app\\empty\\", "", mode: 0, host: 0).End();

        await extraction.RunAsync("a.zip", archive);

        Assert.Equal(["app d 755", "app/bin d 755", "app/bin/run.sh f 755", "app/empty d 755", "app/readme.txt f 644"], await extraction.ModesAsync());
    }

    [Fact]
    public async Task ExtractAsync_ZipOfThePlatform_IsRead()
    {
        using var extraction = new Extraction();
        var content = new MemoryStream();
        using (var zip = new ZipArchive(content, ZipArchiveMode.Create, leaveOpen: true))
        {
            await using var entry = await zip.CreateEntry("deep/Grüße.txt").OpenAsync(TestContext.Current.CancellationToken);
            await entry.WriteAsync("hello"u8.ToArray(), TestContext.Current.CancellationToken);
        }

        await extraction.RunAsync("a.zip", content.ToArray());

        Assert.Equal("hello", File.ReadAllText(extraction.Extracted("deep/Grüße.txt")));
    }

    [Fact]
    public async Task ExtractAsync_ZipWithDosTimesOnly_TakesThemAsLocal()
    {
        var time = new FakeTimeProvider();
        time.SetLocalTimeZone(TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(2), "east", "east"));
        using var extraction = new Extraction { Time = time };

        await extraction.RunAsync("a.zip", new ZipBytes().File("f").End());

        Assert.Equal(new DateTime(2025, 1, 1, 10, 0, 0, DateTimeKind.Utc), File.GetLastWriteTimeUtc(extraction.Extracted("f")));
    }

    [Fact]
    public async Task ExtractAsync_ZipNameInCodePage437_IsDecoded()
    {
        using var extraction = new Extraction();

        await extraction.RunAsync("a.zip", new ZipBytes().Add([(byte)'g', (byte)'r', 0x81, (byte)'n'], "x"u8.ToArray(), 0x81A4).End());

        Assert.True(File.Exists(extraction.Extracted("gr\u00fcn")));
    }

    [Fact]
    public async Task ExtractAsync_ZipBehindAnotherFile_IsRead()
    {
        using var extraction = new Extraction();
        var archive = new ZipBytes().File("inside").End();

        // Content decides, and it does not begin like a zip: only the shift of its offsets is of interest here.
        await extraction.RunAsync("a.zip", [.. new ZipBytes().File("in front").End()[..40], .. archive]);

        Assert.Equal("content", File.ReadAllText(extraction.Extracted("inside")));
    }

    [Fact]
    public async Task ExtractAsync_GnuLongNames_AreRead()
    {
        using var extraction = new Extraction();
        var name = $"{string.Join('/', Enumerable.Repeat("long-directory", 10))}/file";
        var archive = new TarBytes()
            .Add("././@LongLink", 'L', [.. Encoding.ASCII.GetBytes(name), 0])
            .File("cut")
            .Add("././@LongLink", 'K', [.. Encoding.ASCII.GetBytes(name), 0])
            .SymbolicLink("link", "cut")
            .End();

        await extraction.RunAsync("a.tar", archive);

        Assert.Equal("content", File.ReadAllText(extraction.Extracted(name)));
        Assert.Equal(name, new FileInfo(extraction.Extracted("link")).LinkTarget);
    }

    [Fact]
    public async Task ExtractAsync_GlobalPaxHeader_HoldsForAllAndIsOverruledByTheirOwn()
    {
        using var extraction = new Extraction();
        var archive = new TarBytes()
            .Add("pax_global_header", 'g', TarBytes.PaxRecords(("mtime", "1000000000.5"), ("comment", "a commit")))
            .File("one")
            .Pax(("mtime", "1100000000"))
            .File("two")
            .File("three")
            .End();

        await extraction.RunAsync("a.tar", archive);

        var times = new[] { "one", "two", "three" }.Select(name => (File.GetLastWriteTimeUtc(extraction.Extracted(name)) - DateTime.UnixEpoch).TotalSeconds);
        Assert.Equal([1000000000.5, 1100000000, 1000000000.5], times);
    }
}

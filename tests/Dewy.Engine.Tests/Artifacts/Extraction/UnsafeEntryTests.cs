using System.Text;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Artifacts.Extraction;

/// <summary>What would do harm is refused with the entry named, and nothing lands outside the directory.</summary>
public sealed class UnsafeEntryTests
{
    [Theory]
    [InlineData("../escaped")]
    [InlineData("a/../../escaped")]
    [InlineData("a/..")]
    [InlineData("..")]
    [InlineData("..\\escaped")]
    [InlineData("/etc/escaped")]
    [InlineData("\\escaped")]
    [InlineData("C:\\escaped")]
    [InlineData("C:/escaped")]
    [InlineData("./../../../escaped")]
    public async Task ExtractAsync_TarNameThatLeaves_IsRefused(string name)
    {
        using var extraction = new Extraction();
        var before = extraction.Outside().ToList();

        var refusal = await extraction.RefuseAsync("a.tar", new TarBytes().File("fine").File(name).End());

        Assert.Equal(ErrorCode.ArchiveUnsafe, refusal.Code);
        Assert.Equal(name, refusal.Target);
        Assert.Equal(before.Append(Path.Combine(extraction.Base, "a.tar")).Order(StringComparer.Ordinal), extraction.Outside());
    }

    [Theory]
    [InlineData("../escaped")]
    [InlineData("/escaped")]
    [InlineData("..\\escaped")]
    [InlineData("a\\..\\..\\escaped")]
    public async Task ExtractAsync_ZipNameThatLeaves_IsRefused(string name)
    {
        using var extraction = new Extraction();

        var refusal = await extraction.RefuseAsync("a.zip", new ZipBytes().File(name).End());

        Assert.Equal(ErrorCode.ArchiveUnsafe, refusal.Code);
        Assert.Equal(name, refusal.Target);
    }

    [Theory]
    [InlineData('3')]
    [InlineData('4')]
    [InlineData('6')]
    public async Task ExtractAsync_DeviceOrFifo_IsRefused(char type)
    {
        using var extraction = new Extraction();

        var refusal = await extraction.RefuseAsync("a.tar", new TarBytes().Add("dev/thing", type, []).End());

        Assert.Equal(ErrorCode.ArchiveUnsafe, refusal.Code);
        Assert.Equal("dev/thing", refusal.Target);
    }

    [Theory]
    [InlineData("4755")]
    [InlineData("2755")]
    [InlineData("1755")]
    public async Task ExtractAsync_SpecialPermissions_AreRefused(string mode)
    {
        using var file = new Extraction();
        using var directory = new Extraction();
        using var zip = new Extraction();
        var bits = Convert.ToInt32(mode, 8);

        var refusals = new[]
        {
            await file.RefuseAsync("a.tar", new TarBytes().File("bin/su", mode: bits).End()),
            await directory.RefuseAsync("a.tar", new TarBytes().Directory("bin/su", bits).End()),
            await zip.RefuseAsync("a.zip", new ZipBytes().File("bin/su", mode: 0x8000 | bits).End()),
        };

        Assert.All(refusals, refusal => Assert.Equal((ErrorCode.ArchiveUnsafe, "bin/su"), (refusal.Code, refusal.Target)));
        Assert.All(refusals, refusal => Assert.Contains(mode, refusal.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ExtractAsync_ZipFifo_IsRefused()
    {
        using var extraction = new Extraction();

        var refusal = await extraction.RefuseAsync("a.zip", new ZipBytes().File("pipe", mode: 0x1000 | 0b110_100_100).End());

        Assert.Equal((ErrorCode.ArchiveUnsafe, "pipe"), (refusal.Code, refusal.Target));
    }

    [Theory]
    [InlineData("link", "/etc/passwd")]
    [InlineData("link", "..")]
    [InlineData("d/link", "../../x")]
    [InlineData("d/link", "../d/../../x")]
    [InlineData("link", "C:\\x")]
    [InlineData("link", "\\x")]
    [InlineData("link", "")]
    public async Task ExtractAsync_SymbolicLinkThatLeaves_IsRefused(string name, string target)
    {
        using var tar = new Extraction();
        using var zip = new Extraction();

        var refusals = new[]
        {
            await tar.RefuseAsync("a.tar", new TarBytes().SymbolicLink(name, target).End()),
            await zip.RefuseAsync("a.zip", new ZipBytes().File(name, target, mode: 0xA000 | 0b111_111_111).End()),
        };

        Assert.All(refusals, refusal => Assert.Equal((ErrorCode.ArchiveUnsafe, name), (refusal.Code, refusal.Target)));
    }

    [Fact]
    public async Task ExtractAsync_LinkThatLeavesThroughAnotherLink_IsRefused()
    {
        // By its text "a/b/up/../x" is a/b/x; but up is the release itself, and its parent is outside.
        using var extraction = new Extraction();
        var archive = new TarBytes().SymbolicLink("a/b/up", "../..").SymbolicLink("out", "a/b/up/../x").End();

        var refusal = await extraction.RefuseAsync("a.tar", archive);

        Assert.Equal((ErrorCode.ArchiveUnsafe, "out"), (refusal.Code, refusal.Target));
    }

    [Fact]
    public async Task ExtractAsync_LinkThroughAnotherLinkThatStaysInside_IsKept()
    {
        using var extraction = new Extraction();
        var archive = new TarBytes().File("a/b/c/file").File("a/other", "found").SymbolicLink("deep", "a/b/c").SymbolicLink("to", "deep/../../other").End();

        await extraction.RunAsync("a.tar", archive);

        Assert.Equal("found", File.ReadAllText(extraction.Extracted("to")));
    }

    [Fact]
    public async Task ExtractAsync_WriteThroughALinkOfTheArchive_IsRefused()
    {
        using var extraction = new Extraction();
        Directory.CreateDirectory(Path.Combine(extraction.Destination, "..", "victim"));
        var archive = new TarBytes().Directory("real").SymbolicLink("link", "real").File("link/written").End();

        var refusal = await extraction.RefuseAsync("a.tar", archive);

        Assert.Equal((ErrorCode.ArchiveUnsafe, "link/written"), (refusal.Code, refusal.Target));
        Assert.False(File.Exists(extraction.Extracted("real/written")));
    }

    [Fact]
    public async Task ExtractAsync_FileOverALink_ReplacesTheLink()
    {
        using var extraction = new Extraction();
        var archive = new TarBytes().File("target", "untouched").SymbolicLink("name", "target").File("name", "new").End();

        await extraction.RunAsync("a.tar", archive);

        Assert.Equal("untouched", File.ReadAllText(extraction.Extracted("target")));
        Assert.Equal("new", File.ReadAllText(extraction.Extracted("name")));
        Assert.Null(new FileInfo(extraction.Extracted("name")).LinkTarget);
    }

    [Fact]
    public async Task ExtractAsync_FileTwice_LaterWinsAndHardLinksKeepTheEarlier()
    {
        using var extraction = new Extraction();
        var archive = new TarBytes().File("name", "first").HardLink("second-name", "name").File("name", "later").End();

        await extraction.RunAsync("a.tar", archive);

        Assert.Equal("later", File.ReadAllText(extraction.Extracted("name")));
        Assert.Equal("first", File.ReadAllText(extraction.Extracted("second-name")));
    }

    [Fact]
    public async Task ExtractAsync_LinkOverAFile_ReplacesTheFile()
    {
        using var extraction = new Extraction();
        var archive = new TarBytes().File("other", "other").File("name", "file").SymbolicLink("name", "other").End();

        await extraction.RunAsync("a.tar", archive);

        Assert.Equal("other", new FileInfo(extraction.Extracted("name")).LinkTarget);
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("not-there")]
    [InlineData("directory")]
    [InlineData("link")]
    [InlineData("link/inner")]
    [InlineData("")]
    public async Task ExtractAsync_HardLinkToAnythingButAFileOfTheArchive_IsRefused(string target)
    {
        using var extraction = new Extraction();
        var archive = new TarBytes().File("directory/inner").SymbolicLink("link", "directory").HardLink("hard", target).End();

        var refusal = await extraction.RefuseAsync("a.tar", archive);

        Assert.Equal((ErrorCode.ArchiveUnsafe, "hard"), (refusal.Code, refusal.Target));
    }

    [Theory]
    [InlineData("file", "file/below")]
    [InlineData("d/below", "d")]
    public async Task ExtractAsync_NameThatIsFileAndDirectory_IsRefused(string first, string second)
    {
        using var extraction = new Extraction();

        var refusal = await extraction.RefuseAsync("a.tar", new TarBytes().File(first).File(second).End());

        Assert.Equal((ErrorCode.ArchiveUnsafe, second), (refusal.Code, refusal.Target));
    }

    [Fact]
    public async Task ExtractAsync_LinkOverADirectory_IsRefused()
    {
        using var extraction = new Extraction();

        var refusal = await extraction.RefuseAsync("a.tar", new TarBytes().Directory("d").SymbolicLink("d", "elsewhere").End());

        Assert.Equal((ErrorCode.ArchiveUnsafe, "d"), (refusal.Code, refusal.Target));
    }

    [Theory]
    [InlineData(".")]
    [InlineData("./")]
    public async Task ExtractAsync_ReleaseDirectoryAsFileOrLink_IsRefused(string name)
    {
        using var extraction = new Extraction();

        var refusal = await extraction.RefuseAsync("a.tar", new TarBytes().SymbolicLink(name, "x").End());

        Assert.Equal((ErrorCode.ArchiveUnsafe, name), (refusal.Code, refusal.Target));
    }

    [Fact]
    public async Task ExtractAsync_NulInPaxName_IsRefused()
    {
        using var extraction = new Extraction();

        var refusal = await extraction.RefuseAsync("a.tar", new TarBytes().Pax(("path", "good\0bad")).File("x").End());

        Assert.Equal((ErrorCode.ArchiveUnsafe, "good\\x00bad"), (refusal.Code, refusal.Target));
    }

    [Fact]
    public async Task ExtractAsync_OverlongOrOverdeepNames_AreRefused()
    {
        string[] names = [new string('x', 256), string.Join('/', Enumerable.Repeat("d", 257)), string.Join('/', Enumerable.Repeat(new string('y', 200), 20))];

        foreach (var name in names)
        {
            using var extraction = new Extraction();
            var refusal = await extraction.RefuseAsync("a.tar", new TarBytes().Pax(("path", name)).File("x").End());
            Assert.Equal(ErrorCode.ArchiveUnsafe, refusal.Code);
            Assert.StartsWith(name[..100], refusal.Target, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ExtractAsync_BackslashInUnixName_IsAnOrdinaryCharacter()
    {
        Component.Linux();
        using var extraction = new Extraction();

        await extraction.RunAsync("a.tar", new TarBytes().File("system-getty\\x2d1.slice").End());

        Assert.True(File.Exists(extraction.Extracted("system-getty\\x2d1.slice")));
    }

    [Fact]
    public async Task ExtractAsync_SevenZipWithLinkThatLeaves_IsRefused()
    {
        using var extraction = new Extraction();
        File.CreateSymbolicLink(Path.Combine(extraction.Source, "evil"), "/etc/passwd");
        await Tool.RunAsync(extraction.Source, "7z a -snl ../a.7z evil", "7z");

        var refusal = await Assert.ThrowsAsync<DewyException>(() => extraction.RunAsync(Path.Combine(extraction.Base, "a.7z")));

        Assert.Equal((ErrorCode.ArchiveUnsafe, "evil"), (refusal.Code, refusal.Target));
    }

    [Fact]
    public async Task ExtractAsync_NameThatIsNotUtf8_IsUnsupportedWithTheName()
    {
        using var extraction = new Extraction();
        var archive = new TarBytes().Add("x", '0', [], header: block => Encoding.Latin1.GetBytes("gr\u00fcn").CopyTo(block, 0)).End();

        var refusal = await extraction.RefuseAsync("a.tar", archive);

        Assert.Equal(ErrorCode.ArchiveUnsupported, refusal.Code);
        Assert.Contains("gr\u00fcn", refusal.Message, StringComparison.Ordinal);
    }
}

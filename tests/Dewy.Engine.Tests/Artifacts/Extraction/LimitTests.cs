using System.Text;
using Dewy.Engine.Artifacts;
using Xunit;

namespace Dewy.Engine.Tests.Artifacts.Extraction;

/// <summary>Bombs are stopped by what really comes out of them.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task ExtractAsync_MoreBytesThanAllowed_StopsAtTheEntry()
    {
        using var extraction = new Extraction { Options = new ArtifactOptions { MaxExtractedSize = 1000 } };
        var archive = new TarBytes().File("one", new string('x', 600)).File("two", new string('x', 600)).End();

        var refusal = await extraction.RefuseAsync("a.tar", archive);

        Assert.Equal((ErrorCode.ArchiveBomb, "two"), (refusal.Code, refusal.Target));
    }

    [Fact]
    public async Task ExtractAsync_MoreEntriesThanAllowed_StopsAtTheEntry()
    {
        using var extraction = new Extraction { Options = new ArtifactOptions { MaxEntries = 2 } };

        var refusal = await extraction.RefuseAsync("a.tar", new TarBytes().File("1").File("2").File("3").End());

        Assert.Equal((ErrorCode.ArchiveBomb, "3"), (refusal.Code, refusal.Target));
    }

    [Fact]
    public async Task ExtractAsync_NamesThatImplyManyDirectories_CountThem()
    {
        using var extraction = new Extraction { Options = new ArtifactOptions { MaxEntries = 100 } };

        var refusal = await extraction.RefuseAsync("a.tar", new TarBytes().File(string.Concat(Enumerable.Repeat("a/", 49)) + "f").File(string.Concat(Enumerable.Repeat("b/", 49)) + "f").File(string.Concat(Enumerable.Repeat("c/", 49)) + "f").End());

        Assert.Equal(ErrorCode.ArchiveBomb, refusal.Code);
        Assert.StartsWith("c/", refusal.Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExtractAsync_HeadersWithoutEntries_AreCounted()
    {
        using var extraction = new Extraction { Options = new ArtifactOptions { MaxEntries = 10 } };
        var archive = new TarBytes();
        for (var i = 0; i < 20; i++)
            archive.Pax(("comment", "more"));

        var refusal = await extraction.RefuseAsync("a.tar", archive.File("f").End());

        Assert.Equal(ErrorCode.ArchiveBomb, refusal.Code);
    }

    [Theory]
    [InlineData("bomb.tar.gz", "tar -cf - zeros | gzip -9 > ../bomb.tar.gz", "gzip")]
    [InlineData("bomb.tar.bz2", "tar -cf - zeros | bzip2 -9 > ../bomb.tar.bz2", "bzip2")]
    [InlineData("bomb.tar.xz", "tar -cf - zeros | xz > ../bomb.tar.xz", "xz")]
    [InlineData("bomb.tar.zst", "tar -cf - zeros | zstd -q > ../bomb.tar.zst", "zstd")]
    [InlineData("bomb.zip", "zip -q ../bomb.zip zeros", "zip")]
    [InlineData("bomb.7z", "7z a ../bomb.7z zeros", "7z")]
    [InlineData("bomb.gz", "gzip -c zeros > ../bomb.gz", "gzip")]
    public async Task ExtractAsync_ExpandsMoreThanTheRatio_StopsAtTheEntry(string name, string pack, string program)
    {
        using var extraction = new Extraction();
        await using (var zeros = File.Create(Path.Combine(extraction.Source, "zeros")))
            zeros.SetLength(100 << 20);
        await Tool.RunAsync(extraction.Source, pack, "tar", program);

        var refusal = await Assert.ThrowsAsync<DewyException>(() => extraction.RunAsync(Path.Combine(extraction.Base, name)));

        Assert.Equal(ErrorCode.ArchiveBomb, refusal.Code);
        Assert.Equal(name is "bomb.gz" ? "bomb" : "zeros", refusal.Target);
        Assert.All(Directory.GetFiles(extraction.Destination), path => Assert.InRange(new FileInfo(path).Length, 0, 66 << 20));
    }

    [Fact]
    public async Task ExtractAsync_SparseFileWithHugeHole_IsRefusedBeforeAnythingIsWritten()
    {
        using var extraction = new Extraction();
        var map = "1\n0\n1\n".PadRight(512, '\0');
        var archive = new TarBytes()
            .Pax(("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", "hole"), ("GNU.sparse.realsize", (1L << 50).ToString()))
            .Add("GNUSparseFile.0/hole", '0', [.. Encoding.ASCII.GetBytes(map), 1])
            .End();

        var refusal = await extraction.RefuseAsync("a.tar", archive);

        Assert.Equal((ErrorCode.ArchiveBomb, "hole"), (refusal.Code, refusal.Target));
        Assert.Empty(Directory.GetFileSystemEntries(extraction.Destination));
    }

    [Fact]
    public async Task ExtractAsync_EndlessPaddingAfterTheEnd_IsStopped()
    {
        using var extraction = new Extraction { Options = new ArtifactOptions { MaxExtractedSize = 10 << 20 } };
        var archive = Compressed.GZip([.. new TarBytes().File("f").End(), .. new byte[11 << 20]]);

        var refusal = await extraction.RefuseAsync("a.tar.gz", archive);

        Assert.Equal(ErrorCode.ArchiveBomb, refusal.Code);
    }

    [Fact]
    public async Task ExtractAsync_GiantExtendedHeader_IsRefusedWithoutReadingIt()
    {
        using var extraction = new Extraction();

        var refusal = await extraction.RefuseAsync("a.tar", new TarBytes().Add("x", 'x', [], size: 1L << 32).End());

        Assert.Equal(ErrorCode.ArchiveCorrupt, refusal.Code);
        Assert.Contains("extended header", refusal.Message, StringComparison.Ordinal);
    }
}

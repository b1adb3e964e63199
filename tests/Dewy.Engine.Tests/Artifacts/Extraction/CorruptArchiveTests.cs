using System.Text;
using Xunit;

namespace Dewy.Engine.Tests.Artifacts.Extraction;

/// <summary>Damage is found, and told so that one can act on it.</summary>
public sealed class CorruptArchiveTests
{
    private static readonly byte[] Tar = new TarBytes().Directory("d").Add("d/first", '0', SampleTree.Content(200_000)).Add("d/second", '0', SampleTree.Content(100_000, seed: 2)).End();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(100)]
    [InlineData(100_000)]
    public async Task ExtractAsync_GZipCutShort_IsCorrupt(int missing)
    {
        using var extraction = new Extraction();
        var whole = Compressed.GZip(Tar);

        var refusal = await extraction.RefuseAsync("a.tar.gz", whole[..^missing]);

        Assert.Equal(ErrorCode.ArchiveCorrupt, refusal.Code);
    }

    [Fact]
    public async Task ExtractAsync_GZipCutWhereTheTarIsComplete_IsCorrupt()
    {
        // The tar's end mark is there, so only the compressor's trailer tells.
        using var extraction = new Extraction();
        var whole = Compressed.GZip([.. Tar, .. SampleTree.Content(50_000)]);

        var refusal = await extraction.RefuseAsync("a.tar.gz", whole[..^8]);

        Assert.Equal(ErrorCode.ArchiveCorrupt, refusal.Code);
        Assert.Contains("cut short", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4)] // length
    [InlineData(8)] // CRC
    public async Task ExtractAsync_GZipTrailerWrong_IsCorrupt(int fromEnd)
    {
        using var extraction = new Extraction();
        var archive = Compressed.GZip(Tar);
        archive[^fromEnd] ^= 1;

        var refusal = await extraction.RefuseAsync("a.tar.gz", archive);

        Assert.Equal(ErrorCode.ArchiveCorrupt, refusal.Code);
    }

    [Theory]
    [InlineData(1024, 0)]
    [InlineData(10, (byte)'g')]
    public async Task ExtractAsync_TrailingGarbageAfterGZip_IsIgnoredAsGZipDoes(int length, byte value)
    {
        using var extraction = new Extraction();
        var garbage = new byte[length];
        garbage.AsSpan().Fill(value);

        await extraction.RunAsync("a.tar.gz", [.. Compressed.GZip(Tar), .. garbage]);

        Assert.Equal(SampleTree.Content(200_000), File.ReadAllBytes(extraction.Extracted("d/first")));
    }

    [Theory]
    [InlineData("a.tar.bz2", "bzip2")]
    [InlineData("a.tar.xz", "xz")]
    [InlineData("a.tar.zst", "zstd -q")]
    public async Task ExtractAsync_CutOrChanged_IsCorrupt(string name, string program)
    {
        using var made = new Extraction();
        made.Write("a.tar", Tar);
        await Tool.RunAsync(made.Base, $"{program} -c a.tar > {name}", program.Split(' ')[0]);
        var whole = File.ReadAllBytes(Path.Combine(made.Base, name));
        var changed = (byte[])whole.Clone();
        changed[whole.Length / 2] ^= 0x10;

        foreach (var archive in new[] { whole[..^1], whole[..^12], whole[..(whole.Length / 2)], changed })
        {
            using var extraction = new Extraction();
            var refusal = await extraction.RefuseAsync(name, archive);
            Assert.Equal(ErrorCode.ArchiveCorrupt, refusal.Code);
        }
    }

    [Fact]
    public async Task ExtractAsync_TarCutWithinAnEntry_NamesTheEntry()
    {
        using var extraction = new Extraction();

        var refusal = await extraction.RefuseAsync("a.tar", Tar[..(512 + 512 + 150_000)]);

        Assert.Equal(ErrorCode.ArchiveCorrupt, refusal.Code);
        Assert.Contains("d/first", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExtractAsync_TarCutWithinAHeader_IsCorrupt()
    {
        using var extraction = new Extraction();

        var refusal = await extraction.RefuseAsync("a.tar", Tar[..(512 + 100)]);

        Assert.Equal(ErrorCode.ArchiveCorrupt, refusal.Code);
    }

    [Fact]
    public async Task ExtractAsync_TarWithoutEndMark_IsTaken()
    {
        using var extraction = new Extraction();

        await extraction.RunAsync("a.tar", new TarBytes().File("f").WithoutEnd());

        Assert.True(File.Exists(extraction.Extracted("f")));
    }

    [Fact]
    public async Task ExtractAsync_TarHeaderChanged_TellsWhere()
    {
        using var extraction = new Extraction();
        var archive = new TarBytes().File("first").File("second").End();
        archive[1024 + 5] ^= 1;

        var refusal = await extraction.RefuseAsync("a.tar", archive);

        Assert.Equal(ErrorCode.ArchiveCorrupt, refusal.Code);
        Assert.Contains("byte 1536", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExtractAsync_ZipCutShort_IsCorrupt()
    {
        using var extraction = new Extraction();
        var archive = new ZipBytes().File("f").End();

        var refusal = await extraction.RefuseAsync("a.zip", archive[..^5]);

        Assert.Equal(ErrorCode.ArchiveCorrupt, refusal.Code);
    }

    [Fact]
    public async Task ExtractAsync_ZipContentChanged_NamesTheEntry()
    {
        using var extraction = new Extraction();
        var archive = new ZipBytes().File("file").End();
        archive[30 + 4] ^= 1;

        var refusal = await extraction.RefuseAsync("a.zip", archive);

        Assert.Equal(ErrorCode.ArchiveCorrupt, refusal.Code);
        Assert.Contains("'file'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("CRC", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(24, 3, "longer")]
    [InlineData(24, 200, "ends after")]
    [InlineData(20, 3, "ends after")]
    public async Task ExtractAsync_ZipWithLyingSizes_NamesTheEntry(int field, byte value, string told)
    {
        using var extraction = new Extraction();
        var archive = new ZipBytes().Add("liar"u8.ToArray(), "content"u8.ToArray(), 0x8000 | 0b110_100_100, record: record => record[field] = value).File("other", new string('x', 300)).End();

        var refusal = await extraction.RefuseAsync("a.zip", archive);

        Assert.Equal(ErrorCode.ArchiveCorrupt, refusal.Code);
        Assert.Contains("'liar'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(told, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExtractAsync_SevenZipCutOrChanged_IsCorrupt()
    {
        using var made = new Extraction();
        File.WriteAllBytes(Path.Combine(made.Source, "f"), SampleTree.Content(300_000));
        await Tool.RunAsync(made.Source, "7z a ../a.7z f", "7z");
        var whole = File.ReadAllBytes(Path.Combine(made.Base, "a.7z"));
        var changed = (byte[])whole.Clone();
        changed[whole.Length / 2] ^= 0x10;

        foreach (var archive in new[] { whole[..^1], whole[..(whole.Length / 2)], changed })
        {
            using var extraction = new Extraction();
            var refusal = await extraction.RefuseAsync("a.7z", archive);
            Assert.Equal(ErrorCode.ArchiveCorrupt, refusal.Code);
        }
    }

    [Fact]
    public async Task ExtractAsync_EmptyArchive_IsCorrupt()
    {
        using var tar = new Extraction();
        using var zip = new Extraction();
        using var nothing = new Extraction();

        Assert.Equal(ErrorCode.ArchiveCorrupt, (await tar.RefuseAsync("a.tar", new TarBytes().End())).Code);
        Assert.Equal(ErrorCode.ArchiveCorrupt, (await zip.RefuseAsync("a.zip", new ZipBytes().End())).Code);
        Assert.Equal(ErrorCode.ArchiveCorrupt, (await nothing.RefuseAsync("a.tar.gz", [])).Code);
    }

    [Theory]
    [InlineData("a.tar.gz", "<!DOCTYPE html>\n<html><body>404</body></html>", "HTML")]
    [InlineData("a.zip", "\r\n<html>no</html>", "HTML")]
    [InlineData("a.7z", "{\"message\": \"Not Found\"}", "JSON")]
    [InlineData("a.tar.xz", "<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code></Error>", "XML")]
    [InlineData("a.gz", "<html>", "HTML")]
    [InlineData("app", "<!doctype html>", "HTML")]
    public async Task ExtractAsync_ErrorPageInsteadOfArchive_SaysSo(string name, string page, string what)
    {
        using var extraction = new Extraction();

        var refusal = await extraction.RefuseAsync(name, Encoding.UTF8.GetBytes(page));

        Assert.Equal(ErrorCode.ArchiveCorrupt, refusal.Code);
        Assert.Contains($"looks like an {what}", refusal.Message.Replace("a JSON", "an JSON", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExtractAsync_NoSuchFile_IsCorruptWithThePath()
    {
        using var extraction = new Extraction();
        var path = Path.Combine(extraction.Base, "gone.tar.gz");

        var refusal = await Assert.ThrowsAsync<DewyException>(() => extraction.RunAsync(path));

        Assert.Equal(ErrorCode.ArchiveCorrupt, refusal.Code);
        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
    }
}

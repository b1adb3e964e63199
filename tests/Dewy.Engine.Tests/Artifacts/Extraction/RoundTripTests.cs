using Dewy.Engine.Artifacts.Extraction;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Artifacts.Extraction;

/// <summary>Archives made by real tools come out as those tools would extract them.</summary>
public sealed class RoundTripTests
{
    [Theory]
    [InlineData("a.tar", "tar --format=gnu -cf ../a.tar app", "tar")]
    [InlineData("a.tar", "tar --format=pax -cf ../a.tar app", "tar")]
    [InlineData("a.tar", "tar --format=ustar --exclude='nnn*' -cf ../a.tar app", "tar")]
    [InlineData("a.tar", "tar --format=gnu -cf ../a.tar ./app", "tar")]
    [InlineData("a.tar.gz", "tar -czf ../a.tar.gz app", "gzip")]
    [InlineData("a.tgz", "tar -czf ../a.tgz app", "gzip")]
    [InlineData("a.tar.bz2", "tar -cjf ../a.tar.bz2 app", "bzip2")]
    [InlineData("a.tbz2", "tar -cjf ../a.tbz2 app", "bzip2")]
    [InlineData("a.tar.xz", "tar -cJf ../a.tar.xz app", "xz")]
    [InlineData("a.txz", "tar -cf - app | xz -T2 --block-size=100000 > ../a.txz", "xz")]
    [InlineData("a.tar.zst", "tar --zstd -cf ../a.tar.zst app", "zstd")]
    [InlineData("mislabelled.zip", "tar -czf ../mislabelled.zip app", "gzip")]
    public async Task ExtractAsync_TarOfRealTool_GivesWhatTarGives(string name, string pack, string program)
    {
        Component.Linux();
        using var extraction = new Extraction();
        SampleTree.Create(extraction.Source);
        await Tool.RunAsync(extraction.Source, pack, "tar", program);
        var reference = Directory.CreateDirectory(Path.Combine(extraction.Base, "reference")).FullName;
        await Tool.RunAsync(reference, $"tar -xpf ../{name}");

        await extraction.RunAsync(Path.Combine(extraction.Base, name));

        Assert.Equal<IEnumerable<string>>(await SampleTree.DescribeAsync(reference), await SampleTree.DescribeAsync(extraction.Destination));
    }

    [Theory]
    [InlineData("a.zip", "zip -qry ../a.zip app", "zip")]
    [InlineData("a.zip", "zip -qry -0 ../a.zip app", "zip")]
    [InlineData("a.zip", "zip -qry - app > ../a.zip", "zip")] // sizes in data descriptors
    [InlineData("a.zip", "zip -qry -fz- ../a.zip app", "zip")]
    [InlineData("a.zip", "zip -qry -fz ../a.zip app", "zip")] // zip64
    [InlineData("a.zip", "zip -qry -Z bzip2 ../a.zip app", "zip")]
    [InlineData("a.zip", "7z a -snl -tzip -mm=Deflate64 ../a.zip app", "7z")]
    [InlineData("a.zip", "7z a -snl -tzip -mm=LZMA ../a.zip app", "7z")]
    [InlineData("a.7z", "7z a -snl ../a.7z app", "7z")]
    [InlineData("a.7z", "7z a -snl -ms=off -m0=lzma ../a.7z app", "7z")]
    [InlineData("a.7z", "7z a -snl -m0=bzip2 ../a.7z app", "7z")]
    [InlineData("a.7z", "7z a -snl -m0=PPMd ../a.7z app", "7z")]
    [InlineData("a.7z", "7z a -snl -mx=0 ../a.7z app", "7z")]
    public async Task ExtractAsync_ZipOrSevenZipOfRealTool_GivesTheTreeThatWasPacked(string name, string pack, string program)
    {
        Component.Linux();
        using var extraction = new Extraction();
        SampleTree.Create(extraction.Source, hardLinks: false);
        await Tool.RunAsync(extraction.Source, pack, program);

        await extraction.RunAsync(Path.Combine(extraction.Base, name));

        // Neither Info-ZIP nor p7zip promise the times of links.
        var packed = await SampleTree.DescribeAsync(extraction.Source);
        var extracted = await SampleTree.DescribeAsync(extraction.Destination);
        Assert.Equal<IEnumerable<string>>([.. packed.Select(WithoutLinkTime)], [.. extracted.Select(WithoutLinkTime)]);
    }

    [Fact]
    public async Task ExtractAsync_SeveralXzStreamsWithPadding_ReadsThemAll()
    {
        using var extraction = new Extraction();
        SampleTree.Create(extraction.Source);
        await Tool.RunAsync(
            extraction.Source,
            "tar -cf ../a.tar app && cd .. && split -n 3 a.tar part. && for f in part.*; do xz $f; done && head -c 8 /dev/zero > pad && cat part.aa.xz pad part.ab.xz part.ac.xz pad > a.tar.xz",
            "tar", "xz", "split");

        await extraction.RunAsync(Path.Combine(extraction.Base, "a.tar.xz"));

        Assert.Equal(SampleTree.Content(3_000_001), File.ReadAllBytes(extraction.Extracted("app/big.bin")));
    }

    [Theory]
    [InlineData("gzip", "gz")]
    [InlineData("bzip2", "bz2")]
    [InlineData("zstd -q", "zst")]
    public async Task ExtractAsync_ConcatenatedMembers_ReadsThemAll(string program, string ending)
    {
        using var extraction = new Extraction();
        SampleTree.Create(extraction.Source);
        await Tool.RunAsync(
            extraction.Source,
            $"tar -cf ../a.tar app && cd .. && split -n 3 a.tar part. && for f in part.??; do {program} $f; done && cat part.*.{ending} > a.tar.{ending}",
            "tar", program.Split(' ')[0], "split");

        await extraction.RunAsync(Path.Combine(extraction.Base, $"a.tar.{ending}"));

        Assert.Equal(SampleTree.Content(3_000_001), File.ReadAllBytes(extraction.Extracted("app/big.bin")));
    }

    [Theory]
    [InlineData("--format=gnu -S")]
    [InlineData("--format=pax -S --sparse-version=0.0")]
    [InlineData("--format=pax -S --sparse-version=0.1")]
    [InlineData("--format=pax -S --sparse-version=1.0")]
    public async Task ExtractAsync_SparseFile_PutsDataWhereItWas(string format)
    {
        Component.Linux();
        using var extraction = new Extraction();
        var path = Path.Combine(extraction.Source, "sparse");
        await using (var file = File.Create(path))
        {
            // More regions than one header and one extension block hold.
            for (var i = 0; i < 60; i++)
            {
                file.Position = (i * 40_000L) + 12_345;
                file.Write([(byte)i, 1, 2, 3]);
            }

            file.SetLength(4_000_000);
        }

        File.WriteAllText(Path.Combine(extraction.Source, "tail"), "after it");
        await Tool.RunAsync(extraction.Source, $"tar {format} -cf ../a.tar sparse tail", "tar");

        await extraction.RunAsync(Path.Combine(extraction.Base, "a.tar"));

        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(extraction.Extracted("sparse")));
        Assert.Equal("after it", File.ReadAllText(extraction.Extracted("tail")));
    }

    [Fact]
    public async Task ExtractAsync_NarrowUmask_KeepsTheArchivesPermissions()
    {
        Component.Linux();
        using var extraction = new Extraction();
        var archive = new TarBytes().Directory("d", Convert.ToInt32("0777", 8)).File("d/f", mode: Convert.ToInt32("0666", 8)).File("implied/f").End();

        // The umask is the process's own: a test may not change it, but 0666 and 0777 show under any.
        await extraction.RunAsync("a.tar", archive);

        Assert.Equal(["d d 777", "d/f f 666", "implied d 755", "implied/f f 644"], await extraction.ModesAsync());
    }

    [Fact]
    public async Task ExtractAsync_Succeeds_TellsDigestBytesAndEntries()
    {
        using var extraction = new Extraction();
        var archive = new TarBytes().Directory("d").File("d/a", "12345").SymbolicLink("d/l", "a").End();

        var result = await extraction.RunAsync("a.tar", archive);

        Assert.Equal(new ExtractionResult(Digest.Sha256(System.Security.Cryptography.SHA256.HashData(archive)), 5, 3), result);
    }

    private static string WithoutLinkTime(string line)
    {
        var fields = line.Split('\t');
        return fields[1] is "l" ? string.Join('\t', fields.Where((_, index) => index is not 3)) : line;
    }
}

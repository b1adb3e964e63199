using Dewy.Engine.Artifacts;
using Xunit;

namespace Dewy.Engine.Tests.Artifacts.Extraction;

/// <summary>Whatever happens to an archive's bytes: an answer comes, it is one of ours, and nothing lands outside.</summary>
public sealed class MutationTests
{
    private const int Rounds = 150;

    [Theory]
    [InlineData("a.tar", "tar --format=pax -cf ../a.tar app", "tar")]
    [InlineData("a.tar", "tar --format=gnu -S -cf ../a.tar app", "tar")]
    [InlineData("a.tar.gz", "tar -czf ../a.tar.gz app", "gzip")]
    [InlineData("a.tar.bz2", "tar -cjf ../a.tar.bz2 app", "bzip2")]
    [InlineData("a.tar.xz", "tar -cJf ../a.tar.xz app", "xz")]
    [InlineData("a.tar.zst", "tar --zstd -cf ../a.tar.zst app", "zstd")]
    [InlineData("a.zip", "zip -qry ../a.zip app", "zip")]
    [InlineData("a.zip", "7z a -snl -tzip -mm=LZMA ../a.zip app", "7z")]
    [InlineData("a.zip", "7z a -snl -tzip -mm=Deflate64 ../a.zip app", "7z")]
    [InlineData("a.7z", "7z a -snl ../a.7z app", "7z")]
    public async Task ExtractAsync_RandomlyChangedArchive_AnswersAndStaysInside(string name, string pack, string program)
    {
        using var made = new Extraction();
        Directory.CreateDirectory(Path.Combine(made.Source, "app", "d"));
        File.WriteAllBytes(Path.Combine(made.Source, "app", "data"), SampleTree.Content(20_000));
        File.WriteAllText(Path.Combine(made.Source, "app", "d", "small"), "small");
        File.CreateSymbolicLink(Path.Combine(made.Source, "app", "link"), "d/small");
        await Tool.RunAsync(made.Source, pack, "tar", program);
        var valid = File.ReadAllBytes(Path.Combine(made.Base, name));
        var random = new Random(20260102); // the same changes on every run

        for (var round = 0; round < Rounds; round++)
        {
            using var extraction = new Extraction { Options = new ArtifactOptions { MaxExtractedSize = 4 << 20, MaxEntries = 1000 } };
            var path = extraction.Write(name, Mutate(valid, random));
            var outside = extraction.Outside().ToList();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(60));

            var failure = await Record.ExceptionAsync(() => extraction.RunAsync(path, cancellationToken: limit.Token).WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken));

            Assert.True(failure is null or DewyException { Code: not ErrorCode.Unexpected }, $"Round {round}: {failure}");
            Assert.Equal(outside, extraction.Outside());
            Assert.All(Links(extraction.Destination), link => Assert.StartsWith(extraction.Destination, link, StringComparison.Ordinal));
        }
    }

    private static byte[] Mutate(byte[] valid, Random random)
    {
        var changed = valid.ToList();
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            var at = random.Next(changed.Count);
            switch (random.Next(5))
            {
                case 0:
                    changed[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    changed[at] = (byte)random.Next(256);
                    break;
                case 2:
                    changed.RemoveRange(at, Math.Min(random.Next(1, 600), changed.Count - at));
                    break;
                case 3:
                    changed.InsertRange(at, changed.GetRange(at, Math.Min(random.Next(1, 600), changed.Count - at)));
                    break;
                default:
                    for (var i = at; i < Math.Min(at + 8, changed.Count); i++)
                        changed[i] = 0xFF;
                    break;
            }

            if (changed.Count == 0)
                changed.Add(0);
        }

        return [.. changed];
    }

    private static IEnumerable<string> Links(string directory) =>
        new DirectoryInfo(directory).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Where(info => info.LinkTarget is not null)
            .Select(info => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(info.FullName) ?? "/", info.LinkTarget ?? "")));
}

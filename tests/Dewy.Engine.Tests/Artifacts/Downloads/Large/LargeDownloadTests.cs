using System.Globalization;
using System.Security.Cryptography;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Artifacts.Downloads.Large;

/// <summary>A large artifact over a bad line: whole to the byte, and in little memory.</summary>
[Collection(nameof(Alone))] // a gibibyte with its sync: container engines beside it were seen to answer nothing for half a minute
public sealed class LargeDownloadTests(ITestOutputHelper output) : IDisposable
{
    private const long Length = 1L << 30;
    private const int Cuts = 10;
    private const long MostMemory = 64L << 20;

    /// <summary>A run that failed is repeated by setting this to the seed it printed.</summary>
    private const string SeedVariable = "DEWY_TEST_SEED";

    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Fetch_GibibyteCutTenTimes_IsWholeAndTakesLittleMemory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory is measured through /proc.");
        var seed = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out var given) ? given : RandomNumberGenerator.GetInt32(int.MaxValue);
        var random = new Random(seed);
        var cuts = Enumerable.Range(0, Cuts).Select(_ => random.NextInt64(1, Length)).ToList();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{SeedVariable}={seed}: cut at {string.Join(", ", cuts.Order())}"));
        await using var server = await CuttingServer.CreateAsync(Length, cuts);
        await using var small = await DownloadProcess.WarmUpServerAsync();
        var expected = GeneratedContent.Sha256(Length);

        var outcome = await DownloadProcess.RunAsync(new DownloadProcess.Order(server.Address, small.Address, Length, expected.Hex), _directory.Path, Token);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"peak of resident memory +{outcome.PeakResident / 1048576.0:f1} MiB, managed +{outcome.Managed / 1048576.0:f1} MiB"));
        Assert.Equal(0, server.CutsLeft);
        Assert.Equal(1 + Cuts, server.Requests.Count);
        Assert.Equal(Length, outcome.Length);
        await using var file = File.OpenRead(outcome.Path);
        Assert.Equal(expected, Digest.Sha256(await SHA256.HashDataAsync(file, Token)));
        Assert.InRange(outcome.PeakResident, 0, MostMemory);
        Assert.InRange(outcome.Managed, 0, MostMemory);
    }

    /// <summary>The measure itself: what a process keeps shows.</summary>
    [Fact]
    public async Task Measure_ProcessKeepsWhatItFetched_Shows()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory is measured through /proc.");
        const long kept = 96L << 20;
        await using var server = await CuttingServer.CreateAsync(kept);
        await using var small = await DownloadProcess.WarmUpServerAsync();

        var outcome = await DownloadProcess.RunAsync(new DownloadProcess.Order(server.Address, small.Address, kept, GeneratedContent.Sha256(kept).Hex, Hoards: true), _directory.Path, Token);

        Assert.InRange(outcome.PeakResident, MostMemory + 1, long.MaxValue);
        Assert.InRange(outcome.Managed, MostMemory + 1, long.MaxValue);
    }

    [Theory]
    [InlineData(0, 40)]
    [InlineData(3, 40)]
    [InlineData(17, 2)]
    public void Fill_AnyPlace_IsTheSameContent(int offset, int count)
    {
        var all = new byte[64];
        GeneratedContent.Fill(all, 0);
        var part = new byte[count];

        GeneratedContent.Fill(part, offset);

        Assert.Equal(all.AsSpan(offset, count).ToArray(), part);
    }
}

using System.Text;
using Dewy.Engine.Deployment;
using Xunit;

namespace Dewy.Engine.Tests.Deployment;

public sealed class HistoryStoreTests : IDisposable
{
    private readonly RootFixture _fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private HistoryStore History => _fixture.Root.History;

    private string HistoryFile => _fixture.Root.Layout.HistoryFile;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Read_NoFile_IsEmpty() => Assert.Empty(History.Read(10));

    [Fact]
    public async Task AppendAsync_Deployment_IsReadBackWhole()
    {
        var deployment = _fixture.DeploymentOf("v1+blue", message: "line\nbreak \u2028 \"quoted\" ü");

        await History.AppendAsync(deployment, Token);

        Assert.Equivalent(deployment, Assert.Single(History.Read(10)), strict: true);
    }

    [Fact]
    public async Task AppendAsync_Deployment_IsOneReadableLine()
    {
        await History.AppendAsync(_fixture.DeploymentOf("v1+blue"), Token);

        var text = await File.ReadAllTextAsync(HistoryFile, Token);

        Assert.Equal(1, text.Count(c => c == '\n'));
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        Assert.Contains("\"tag\":\"v1+blue\"", text, StringComparison.Ordinal);
        Assert.Contains("\"result\":\"Succeeded\"", text, StringComparison.Ordinal);
        Assert.Contains("\"duration\":2.5,", text, StringComparison.Ordinal);
        Assert.Contains("{\"phase\":\"fetch\",\"duration\":1.25}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_Limit_IsNewestFirst()
    {
        foreach (var tag in new[] { "v1", "v2", "v3" })
            await History.AppendAsync(_fixture.DeploymentOf(tag), Token);

        Assert.Equal(["v3", "v2"], Tags(2));
        Assert.Equal(["v3", "v2", "v1"], Tags(100));
        Assert.Empty(Tags(0));
    }

    [Fact]
    public async Task Read_LinesOverManyBlocks_AreAllWhole()
    {
        for (var i = 0; i < 60; i++)
            await History.AppendAsync(_fixture.DeploymentOf($"v{i}", new string('x', i * 211)), Token);

        Assert.Equal(Enumerable.Range(0, 60).Reverse().Select(i => $"v{i}"), Tags(100));
    }

    [Fact]
    public async Task AppendAsync_CutAnywhere_LosesNoEarlierLineAndRepairsTheFile()
    {
        await History.AppendAsync(_fixture.DeploymentOf("v1"), Token);
        var first = new FileInfo(HistoryFile).Length;
        await History.AppendAsync(_fixture.DeploymentOf("v2"), Token);
        var whole = await File.ReadAllBytesAsync(HistoryFile, Token);

        for (var length = first; length <= whole.Length; length += length < whole.Length - 3 ? 17 : 1)
        {
            await File.WriteAllBytesAsync(HistoryFile, whole[..(int)length], Token);
            var secondIsWhole = length >= whole.Length - 1;
            string[] before = secondIsWhole ? ["v2", "v1"] : ["v1"];
            Assert.Equal(before, Tags(10));

            await History.AppendAsync(_fixture.DeploymentOf("v3"), Token);

            Assert.Equal(["v3", .. before], Tags(10));
            Assert.All(await File.ReadAllLinesAsync(HistoryFile, Token), line => Assert.StartsWith("{\"id\":", line, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Read_DamagedLineInTheMiddle_IsPassedOver()
    {
        await History.AppendAsync(_fixture.DeploymentOf("v1"), Token);
        await File.AppendAllTextAsync(HistoryFile, "\0\0garbage\n\n{}\n", Token);
        await History.AppendAsync(_fixture.DeploymentOf("v2"), Token);

        Assert.Equal(["v2", "v1"], Tags(10));
    }

    [Fact]
    public async Task Read_LineWithoutEnd_IsPassedOver()
    {
        await History.AppendAsync(_fixture.DeploymentOf("v1"), Token);
        await using (var stream = new FileStream(HistoryFile, FileMode.Append))
        {
            for (var i = 0; i < 64; i++)
                await stream.WriteAsync(Encoding.UTF8.GetBytes(new string('x', 40_000)), Token);
            stream.WriteByte((byte)'\n');
        }

        await History.AppendAsync(_fixture.DeploymentOf("v2"), Token);

        Assert.Equal(["v2", "v1"], Tags(10));
    }

    [Fact]
    public async Task AppendAsync_AboveTheSize_RotatesAndReadsOn()
    {
        var small = new HistoryStore(_fixture.Root.Layout, rotateAboveBytes: 2000);
        for (var i = 0; i < 30; i++)
            await small.AppendAsync(_fixture.DeploymentOf($"v{i}"), Token);

        var tags = small.Read(100).Select(deployment => deployment.Tag).ToList();

        Assert.True(new FileInfo(HistoryFile).Length <= 2000);
        Assert.True(new FileInfo(_fixture.Root.Layout.RotatedHistoryFile).Length <= 2000);
        Assert.InRange(tags.Count, 4, 15);
        Assert.Equal(Enumerable.Range(0, 30).Reverse().Take(tags.Count).Select(i => $"v{i}"), tags);
    }

    [Fact]
    public async Task Read_BothFilesTheSameWhileRotating_GivesEachOnce()
    {
        await History.AppendAsync(_fixture.DeploymentOf("v1"), Token);
        File.Copy(HistoryFile, _fixture.Root.Layout.RotatedHistoryFile);

        Assert.Equal(["v1"], Tags(10));
    }

    [Fact]
    public async Task AppendAsync_EndlessMessage_IsClipped()
    {
        await History.AppendAsync(_fixture.DeploymentOf("v1", new string('x', 2_000_000)), Token);

        Assert.InRange(Assert.Single(History.Read(1)).Error!.Message.Length, 1000, 20_000);
    }

    [Fact]
    public async Task AppendAsync_ManyAtOnce_KeepsAll()
    {
        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(() => _fixture.Reopen().History.AppendAsync(_fixture.DeploymentOf($"v{i}"), Token), Token)));

        Assert.Equal(30, History.Read(100).Count);
    }

    [Fact]
    public async Task AppendAsync_FullDisk_IsDiskFullAndTheFileStaysAsItWas()
    {
        using var disk = new SmallFileSystem(kibibytes: 64);
        var root = new DeploymentRoot(disk.Path, _fixture.Events, _fixture.Time);
        root.Layout.EnsureCreated();
        await root.History.AppendAsync(_fixture.DeploymentOf("v1"), Token);
        disk.Fill();
        var before = await File.ReadAllBytesAsync(root.Layout.HistoryFile, Token);

        var failure = await Assert.ThrowsAsync<DewyException>(() => root.History.AppendAsync(_fixture.DeploymentOf("v2", new string('x', 16_000)), Token));

        Assert.Equal(ErrorCode.DiskFull, failure.Code);
        Assert.Equal(before, await File.ReadAllBytesAsync(root.Layout.HistoryFile, Token));
    }

    private IEnumerable<string> Tags(int limit) => History.Read(limit).Select(deployment => deployment.Tag);
}

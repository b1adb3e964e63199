using Dewy.Engine.Deployment;
using Xunit;

namespace Dewy.Engine.Tests.Deployment;

public sealed class ReleaseDirectoriesTests : IDisposable
{
    private readonly RootFixture _fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ReleaseDirectories Releases => _fixture.Root.Releases;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Begin_SameSecondTwice_TakesSuffix()
    {
        var first = Releases.Begin("v1", "v1--a", null, "d1");
        var second = Releases.Begin("v2", "v2--a", null, "d2");

        Assert.Equal("20260115T103045Z", first.Name.ToString());
        Assert.Equal("20260115T103045Z-2", second.Name.ToString());
        Assert.Equal(_fixture.Combine("releases", ".20260115T103045Z-2.partial"), second.PartialPath);
        Assert.Empty(Directory.EnumerateFileSystemEntries(second.PartialPath));
    }

    [Fact]
    public void Begin_StrangersDirectoryHasTheName_TakesTheNext()
    {
        Directory.CreateDirectory(_fixture.Combine("releases", "20260115T103045Z"));
        File.CreateSymbolicLink(_fixture.Combine("releases", "20260115T103045Z-2"), "nowhere");

        Assert.Equal("20260115T103045Z-3", Releases.Begin("v1", "v1--a", null, "d1").Name.ToString());
    }

    [Fact]
    public void Begin_Unfinished_IsNotListed()
    {
        Releases.Begin("v1", "v1--a", null, "d1");

        Assert.Empty(Releases.List());
    }

    [Fact]
    public async Task FinishAsync_ManyFiles_RenamesToFinalNameWithEverythingInIt()
    {
        var staged = Releases.Begin("v1+blue", "v1+blue--a", RootFixture.DigestOf("v1"), "d1");
        Directory.CreateDirectory(Path.Combine(staged.PartialPath, "bin"));
        for (var i = 0; i < 100; i++)
            await File.WriteAllTextAsync(Path.Combine(staged.PartialPath, "bin", $"{i}"), "x", Token);

        var kept = await Releases.FinishAsync(staged, Token);

        Assert.Equal(_fixture.Combine("releases", "20260115T103045Z"), kept.Path);
        Assert.Equal(100, Directory.EnumerateFiles(Path.Combine(kept.Path, "bin")).Count());
        Assert.False(Path.Exists(staged.PartialPath));
        var listed = Assert.Single(Releases.List());
        Assert.Equal(kept, listed);
        Assert.False(listed.IsGood);
        Assert.Equal(("v1+blue", "v1+blue--a", RootFixture.DigestOf("v1"), "d1"), (listed.Record.Tag, listed.Record.Key, listed.Record.Digest, listed.Record.DeploymentId));
    }

    [Fact]
    public async Task FinishAsync_FileThatMayNotBeRead_IsNoObstacle()
    {
        var staged = Releases.Begin("v1", "v1--a", null, "d1");
        var secret = Path.Combine(staged.PartialPath, "secret");
        await File.WriteAllTextAsync(secret, "x", Token);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(secret, UnixFileMode.None);

        Assert.True(Directory.Exists((await Releases.FinishAsync(staged, Token)).Path));
    }

    [Fact]
    public async Task MarkGood_Kept_IsRememberedWithTime()
    {
        var kept = await _fixture.AddReleaseAsync("v1", good: false);

        Releases.MarkGood(kept.Path);

        Assert.Equal(_fixture.Time.GetUtcNow(), Assert.Single(_fixture.Reopen().Releases.List()).Record.GoodSince);
    }

    [Fact]
    public void MarkGood_Stranger_WritesNothing()
    {
        Directory.CreateDirectory(_fixture.Combine("releases", "20200101T000000Z"));

        Releases.MarkGood(_fixture.Combine("releases", "20200101T000000Z"));

        Assert.Empty(Releases.List());
    }

    [Fact]
    public async Task List_Several_IsNewestFirst()
    {
        foreach (var tag in new[] { "v1", "v2", "v3" })
            await _fixture.AddReleaseAsync(tag);

        Assert.Equal(["v3", "v2", "v1"], Releases.List().Select(release => release.Record.Tag));
    }

    [Fact]
    public async Task Find_TagNameOrPath_FindsTheNewestGoodOne()
    {
        var old = await _fixture.AddReleaseAsync("v1");
        var again = await _fixture.AddReleaseAsync("v1");
        await _fixture.AddReleaseAsync("v1", good: false);

        Assert.Equal(again.Path, Releases.Find("v1")?.Path);
        Assert.Equal(old.Path, Releases.Find(old.Name.ToString())?.Path);
        Assert.Equal(old.Path, Releases.Find(old.Path)?.Path);
        Assert.Null(Releases.Find("v9"));
    }

    [Fact]
    public async Task Get_SameNameElsewhere_IsNoneOfDewys()
    {
        var kept = await _fixture.AddReleaseAsync("v1");

        Assert.Null(Releases.Get(Path.Combine("/somewhere/else", kept.Name.ToString())));
    }

    [Fact]
    public async Task DiscardAsync_Partial_LeavesNothing()
    {
        var staged = Releases.Begin("v1", "v1--a", null, "d1");

        await Releases.DiscardAsync(staged, Token);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_fixture.Root.Layout.Releases));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_fixture.Root.Layout.ReleaseRecords));
    }

    [Fact]
    public async Task RemoveAsync_Stranger_IsRefused()
    {
        var stranger = _fixture.WriteFile("mine", "releases", "20200101T000000Z", "file");

        Assert.False(await Releases.RemoveAsync(Path.GetDirectoryName(stranger)!, Token));

        Assert.True(File.Exists(stranger));
    }

    [Fact]
    public async Task PruneAsync_MoreThanKept_RemovesTheOldestAndSaysSo()
    {
        var all = new List<KeptRelease>();
        for (var i = 0; i < 5; i++)
            all.Add(await _fixture.AddReleaseAsync($"v{i}"));

        await Releases.PruneAsync([all[4].Path, null], keep: 3, Token);

        Assert.Equal(["v4", "v3", "v2"], Releases.List().Select(release => release.Record.Tag));
        Assert.Equal([all[0].Path, all[1].Path], _fixture.Events.Of<ReleasePruned>().Select(pruned => pruned.Path));
        Assert.Equal(3, Directory.EnumerateFiles(_fixture.Root.Layout.ReleaseRecords).Count());
    }

    [Fact]
    public async Task PruneAsync_LiveAndPreviousOld_StayBesideTheNewest()
    {
        var live = await _fixture.AddReleaseAsync("v0");
        var previous = await _fixture.AddReleaseAsync("v1");
        for (var i = 2; i < 6; i++)
            await _fixture.AddReleaseAsync($"v{i}");

        await Releases.PruneAsync([live.Path, previous.Path], keep: 2, Token);

        Assert.Equal(["v5", "v4", "v1", "v0"], Releases.List().Select(release => release.Record.Tag));
    }

    [Fact]
    public async Task PruneAsync_Strangers_AreNotTouched()
    {
        var capistranos = _fixture.WriteFile("x", "releases", "20200101000000", "file");
        var goPrograms = _fixture.WriteFile("x", "releases", "20200101T000000Z", "file");
        var partial = _fixture.WriteFile("x", "releases", ".build.partial", "file");
        var plainFile = _fixture.WriteFile("x", "releases", "README");
        await _fixture.AddReleaseAsync("v1");

        await Releases.PruneAsync([], keep: 1, Token);

        Assert.All([capistranos, goPrograms, partial, plainFile], file => Assert.True(File.Exists(file)));
    }

    [Fact]
    public async Task PruneAsync_FailedAndUnfinished_AreRemovedAndPushNoGoodOneOut()
    {
        await _fixture.AddReleaseAsync("v1");
        await _fixture.AddReleaseAsync("v2", good: false);
        Releases.Begin("v3", "v3--a", null, "d3");

        await Releases.PruneAsync([], keep: 1, Token);

        Assert.Equal(["v1"], Directory.EnumerateDirectories(_fixture.Root.Layout.Releases).Select(path => File.ReadAllText(Path.Combine(path, "version"))));
    }

    [Fact]
    public async Task PruneAsync_LinksInRelease_AreRemovedAndNotFollowed()
    {
        var outside = _fixture.WriteFile("keep me", "outside", "file");
        var old = await _fixture.AddReleaseAsync("v1");
        Directory.CreateSymbolicLink(Path.Combine(old.Path, "directory"), _fixture.Combine("outside"));
        File.CreateSymbolicLink(Path.Combine(old.Path, "link"), outside);
        File.CreateSymbolicLink(Path.Combine(old.Path, "dangling"), "nowhere");
        await _fixture.AddReleaseAsync("v2");

        await Releases.PruneAsync([], keep: 1, Token);

        Assert.False(Path.Exists(old.Path));
        Assert.True(File.Exists(outside));
    }

    [Fact]
    public async Task PruneAsync_ReleaseReplacedByLink_LeavesLinkAndItsTarget()
    {
        var outside = _fixture.WriteFile("keep me", "outside", "file");
        var old = await _fixture.AddReleaseAsync("v1");
        Directory.Delete(old.Path, recursive: true);
        Directory.CreateSymbolicLink(old.Path, _fixture.Combine("outside"));
        await _fixture.AddReleaseAsync("v2");

        await Releases.PruneAsync([], keep: 1, Token);

        Assert.True(File.Exists(outside));
        Assert.NotNull(new DirectoryInfo(old.Path).LinkTarget);
    }

    [Fact]
    public async Task PruneAsync_PartialOfALiveName_RemovesOnlyThePartial()
    {
        var live = await _fixture.AddReleaseAsync("v1");
        _fixture.WriteFile("half", "releases", live.Name.Partial, "file");

        await Releases.PruneAsync([live.Path], keep: 1, Token);

        Assert.True(File.Exists(Path.Combine(live.Path, "version")));
        Assert.False(Path.Exists(_fixture.Combine("releases", live.Name.Partial)));
        Assert.NotNull(Releases.Get(live.Path));
    }

    [Fact]
    public async Task PruneAsync_Cancelled_LeavesWholeReleasesOnly()
    {
        var old = await _fixture.AddReleaseAsync("v1");
        await _fixture.AddReleaseAsync("v2");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Releases.PruneAsync([], keep: 1, RootFixture.Cancelled));

        Assert.Equal("v1", await File.ReadAllTextAsync(Path.Combine(old.Path, "version"), Token));
    }

    [Fact]
    public async Task PruneAsync_DamagedRecord_LeavesTheDirectory()
    {
        var kept = await _fixture.AddReleaseAsync("v1");
        await _fixture.AddReleaseAsync("v2");
        await File.WriteAllTextAsync(Path.Combine(_fixture.Root.Layout.ReleaseRecords, $"{kept.Name}.json"), "{\"tag\":", Token);

        await Releases.PruneAsync([], keep: 1, Token);

        Assert.True(File.Exists(Path.Combine(kept.Path, "version")));
    }

    [Fact]
    public async Task Begin_FullDisk_IsDiskFull()
    {
        using var disk = new SmallFileSystem(kibibytes: 64);
        var root = new DeploymentRoot(disk.Path, _fixture.Events, _fixture.Time);
        root.Layout.EnsureCreated();
        disk.Fill();

        var failure = Assert.Throws<DewyException>(() => root.Releases.Begin("v1", "v1--a", null, "d1"));

        Assert.Equal(ErrorCode.DiskFull, failure.Code);
        disk.Empty();
        await root.Releases.PruneAsync([], keep: 1, Token);
        Assert.Empty(Directory.EnumerateFileSystemEntries(root.Layout.ReleaseRecords));
    }
}

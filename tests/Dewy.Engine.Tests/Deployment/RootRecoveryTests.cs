using Dewy.Engine.Deployment;
using Xunit;

namespace Dewy.Engine.Tests.Deployment;

public sealed class RootRecoveryTests : IDisposable
{
    private readonly RootFixture _fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DeploymentRoot Root => _fixture.Root;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task RunAsync_NewRoot_ChangesNothing()
    {
        Assert.Null(await Root.Recovery.RunAsync(Token));

        Assert.False(File.Exists(Root.Layout.StateFile));
        Assert.Null(Root.Current.Read());
    }

    [Fact]
    public async Task RunAsync_SoundRoot_ChangesNothing()
    {
        await _fixture.GoLiveAsync("v1");
        var live = await _fixture.GoLiveAsync("v2");
        var revision = Root.State.Read().Revision;

        Assert.Null(await Reopened());

        Assert.Equal(revision, Root.State.Read().Revision);
        Assert.Equal(live.Path, Root.Current.Read());
        Assert.Equal(2, Root.Releases.List().Count);
        Assert.Empty(_fixture.Events.Of<AttentionNeeded>());
    }

    /// <summary>The steps of a deployment in their order; a crash after each must leave the old release live, or the new one once it is recorded.</summary>
    public static TheoryData<int> CrashPoints => [.. Enumerable.Range(0, 8)];

    [Theory]
    [MemberData(nameof(CrashPoints))]
    public async Task RunAsync_CrashAfterStep_LeavesOldOrNewLiveAndNothingHalf(int lastStep)
    {
        await _fixture.GoLiveAsync("v0");
        var old = await _fixture.GoLiveAsync("v1");
        _fixture.Time.Advance(TimeSpan.FromMinutes(1));
        StagedRelease? staged = null;
        KeptRelease? kept = null;
        var steps = new Func<Task>[]
        {
            () => Root.State.UpdateAsync(state => state with { Attempt = _fixture.AttemptOf("v2", directory: null) }, Token),
            () =>
            {
                staged = Root.Releases.Begin("v2", RootFixture.Key("v2"), RootFixture.DigestOf("v2"), "deployment-of-v2");
                return Task.CompletedTask;
            },
            () => Root.State.UpdateAsync(state => state with { Attempt = state.Attempt! with { Directory = staged!.Path } }, Token),
            () => File.WriteAllTextAsync(Path.Combine(staged!.PartialPath, "version"), "v2", Token),
            async () => kept = await Root.Releases.FinishAsync(staged!, Token),
            () => Task.FromResult(Root.Current.Switch(kept!.Path)),
            () => Root.State.UpdateAsync(state => state with { Previous = state.Current, Current = kept!.ToLive(), Attempt = null }, Token),
            () =>
            {
                Root.Releases.MarkGood(kept!.Path);
                return Task.CompletedTask;
            },
        };
        for (var i = 0; i <= lastStep; i++)
            await steps[i]();

        var interrupted = await Reopened();

        var newIsLive = lastStep >= 6;
        var after = _fixture.Reopen();
        var state = after.State.Read();
        Assert.Equal(newIsLive ? "v2" : "v1", state.Current?.Tag);
        Assert.Equal(newIsLive ? "v1" : "v0", state.Previous?.Tag);
        Assert.Null(state.Attempt);
        Assert.Equal(newIsLive ? kept!.Path : old.Path, after.Current.Read());
        Assert.Equal(newIsLive ? "v2" : "v1", await File.ReadAllTextAsync(Path.Combine(Root.Layout.Current, "version"), Token));
        Assert.All(after.Releases.List(), release => Assert.True(release.IsGood));
        Assert.Equal(newIsLive ? 3 : 2, Directory.EnumerateFileSystemEntries(Root.Layout.Releases).Count());
        Assert.Equal(newIsLive ? 3 : 2, Directory.EnumerateFileSystemEntries(Root.Layout.ReleaseRecords).Count());
        Assert.Empty(_fixture.Events.Of<AttentionNeeded>());
        Assert.Equal(newIsLive ? null : "deployment-of-v2", interrupted?.Id);
        Assert.Equal(newIsLive ? [] : [DeploymentResult.Interrupted], after.History.Read(10).Select(deployment => deployment.Result));
    }

    [Fact]
    public async Task RunAsync_FirstDeploymentInterruptedAfterSwitch_LeavesNoCurrent()
    {
        var half = await _fixture.AddReleaseAsync("v1", good: false);
        await Root.State.UpdateAsync(state => state with { Attempt = _fixture.AttemptOf("v1", half.Path) }, Token);
        Root.Current.Switch(half.Path);

        await Reopened();

        Assert.Null(Root.Current.Read());
        Assert.False(Path.Exists(half.Path));
    }

    [Fact]
    public async Task RunAsync_FirstDeploymentOverTheGoProgramsRelease_PointsBackToThat()
    {
        var theirs = Path.GetDirectoryName(_fixture.WriteFile("theirs", "releases", "20200101T000000Z", "version"))!;
        Root.Current.Switch(theirs);
        var half = await _fixture.AddReleaseAsync("v1", good: false);
        await Root.State.UpdateAsync(state => state with { Attempt = _fixture.AttemptOf("v1", half.Path) }, Token);
        Root.Current.Switch(half.Path);

        await Reopened();

        Assert.Equal(theirs, Root.Current.Read());
        Assert.False(Path.Exists(half.Path));
    }

    [Fact]
    public async Task RunAsync_RollbackInterrupted_KeepsTheReleaseRolledBackTo()
    {
        var old = await _fixture.GoLiveAsync("v1");
        await _fixture.GoLiveAsync("v2");
        var live = await _fixture.GoLiveAsync("v3");
        await Root.State.UpdateAsync(state => state with { Attempt = _fixture.AttemptOf("v1", old.Path) with { Id = "rollback" } }, Token);
        Root.Current.Switch(old.Path);

        await Reopened();

        Assert.Equal(live.Path, Root.Current.Read());
        Assert.True(Directory.Exists(old.Path));
    }

    [Fact]
    public async Task RunAsync_InterruptedItself_RecordsTheDeploymentOnce()
    {
        await _fixture.GoLiveAsync("v1");
        await Root.State.UpdateAsync(state => state with { Attempt = _fixture.AttemptOf("v2", directory: null) }, Token);
        var before = await File.ReadAllBytesAsync(Root.Layout.StateFile, Token);
        await Reopened();
        await File.WriteAllBytesAsync(Root.Layout.StateFile, before, Token);

        Assert.Equal("deployment-of-v2", (await Reopened())?.Id);

        Assert.Single(Root.History.Read(10));
    }

    [Fact]
    public async Task RunAsync_CurrentMovedByHand_PointsBackAndSaysSo()
    {
        var old = await _fixture.GoLiveAsync("v1");
        var live = await _fixture.GoLiveAsync("v2");
        Root.Current.Switch(old.Path);

        await Reopened();

        Assert.Equal(live.Path, Root.Current.Read());
        Assert.Contains(old.Path, Assert.Single(_fixture.Events.Of<AttentionNeeded>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_CurrentDeletedByHand_PointsBack()
    {
        var live = await _fixture.GoLiveAsync("v1");
        File.Delete(Root.Layout.Current);

        await Reopened();

        Assert.Equal(live.Path, Root.Current.Read());
    }

    [Fact]
    public async Task RunAsync_LiveDirectoryDeletedByHand_IsNoLongerTakenForDeployed()
    {
        await _fixture.GoLiveAsync("v1");
        var live = await _fixture.GoLiveAsync("v2");
        Directory.Delete(live.Path, recursive: true);

        await Reopened();

        var state = Root.State.Read();
        Assert.Null(state.Current);
        Assert.Equal("v1", state.Previous?.Tag);
        Assert.Contains("v2", Assert.Single(_fixture.Events.Of<AttentionNeeded>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_RootMoved_FindsItsReleasesThere()
    {
        await _fixture.GoLiveAsync("v1");
        var live = await _fixture.GoLiveAsync("v2");
        await Root.State.UpdateAsync(state => state with { Pin = new ReleasePin { Tag = "v2", Directory = live.Path, At = _fixture.Time.GetUtcNow(), By = "root" } }, Token);
        using var elsewhere = new Dewy.Tests.TemporaryDirectory();
        var moved = elsewhere.Combine("moved");
        Directory.Move(_fixture.Path, moved);
        var root = new DeploymentRoot(moved, _fixture.Events, _fixture.Time);
        Assert.Equal("v2", await File.ReadAllTextAsync(Path.Combine(root.Layout.Current, "version"), Token));

        await root.Recovery.RunAsync(Token);

        var here = Path.Combine(moved, "releases", live.Name.ToString());
        Assert.Equal(here, root.State.Read().Current?.Directory);
        Assert.Equal(here, root.State.Read().Pin?.Directory);
        Assert.Equal(here, root.Current.Read());
        Assert.Empty(_fixture.Events.Of<AttentionNeeded>());
    }

    [Fact]
    public async Task RunAsync_ContainerMode_LeavesTheLiveImage()
    {
        var live = new LiveRelease { Tag = "v1", Key = "img", DeployedAt = _fixture.Time.GetUtcNow(), DeploymentId = "d1" };
        await Root.State.UpdateAsync(state => state with { Current = live }, Token);

        await Reopened();

        Assert.Equal(live, Root.State.Read().Current);
    }

    [Fact]
    public async Task RunAsync_StateDamaged_IsRebuiltOnDisk()
    {
        await _fixture.GoLiveAsync("v1");
        await File.WriteAllTextAsync(Root.Layout.StateFile, "damage", Token);

        await Reopened();

        Assert.StartsWith("{", await File.ReadAllTextAsync(Root.Layout.StateFile, Token), StringComparison.Ordinal);
        Assert.Equal("v1", Root.State.Read().Current?.Tag);
    }

    [Fact]
    public async Task RunAsync_RequestsAndPauseOfOperators_Stay()
    {
        await _fixture.GoLiveAsync("v1");
        await Root.State.UpdateAsync(
            state => state.Ask(new OperatorRequest { Id = "r1", Kind = OperatorRequestKind.Deploy, At = _fixture.Time.GetUtcNow(), By = "root" }) with
            {
                Pause = new ReleasePause(_fixture.Time.GetUtcNow(), "root"),
                Attempt = _fixture.AttemptOf("v2", directory: null),
            },
            Token);

        await Reopened();

        Assert.Equal("r1", Assert.Single(Root.State.Read().Requests).Id);
        Assert.NotNull(Root.State.Read().Pause);
    }

    private Task<Dewy.Deployment?> Reopened() => _fixture.Reopen().Recovery.RunAsync(Token);
}

using Dewy.Engine.Deployment;
using Xunit;

namespace Dewy.Engine.Tests.Deployment;

public sealed class CurrentLinkTests : IDisposable
{
    private readonly RootFixture _fixture = new();

    private CurrentLink Current => _fixture.Root.Current;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Switch_NoCurrent_CreatesRelativeLinkAndSaysSo()
    {
        var kept = await _fixture.AddReleaseAsync("v1");

        Assert.True(Current.Switch(kept.Path));

        Assert.Equal(Path.Combine("releases", kept.Name.ToString()), new FileInfo(_fixture.Root.Layout.Current).LinkTarget);
        Assert.Equal(kept.Path, Current.Read());
        Assert.Equal((kept.Path, _fixture.Root.Layout.Current), Assert.Single(_fixture.Events.Of<CurrentSwitched>()) is var switched ? (switched.From, switched.To) : default);
    }

    [Fact]
    public async Task Switch_AlreadyThere_ChangesAndSaysNothing()
    {
        var kept = await _fixture.AddReleaseAsync("v1");
        Current.Switch(kept.Path);

        Assert.False(Current.Switch(kept.Path + Path.DirectorySeparatorChar));

        Assert.Single(_fixture.Events.Of<CurrentSwitched>());
    }

    [Fact]
    public async Task Switch_AbsoluteLinkOfTheGoProgram_IsReadAndReplaced()
    {
        var theirs = Directory.CreateDirectory(_fixture.Combine("releases", "20200101T000000Z")).FullName;
        Directory.CreateSymbolicLink(_fixture.Root.Layout.Current, theirs);
        Assert.Equal(theirs, Current.Read());
        var kept = await _fixture.AddReleaseAsync("v1");

        Current.Switch(kept.Path);

        Assert.Equal(kept.Path, Current.Read());
        Assert.True(Directory.Exists(theirs));
    }

    [Fact]
    public void Switch_DirectoryOutsideTheRoot_IsAbsolute()
    {
        using var elsewhere = new Dewy.Tests.TemporaryDirectory();

        Current.Switch(elsewhere.Path);

        Assert.Equal(elsewhere.Path, new FileInfo(_fixture.Root.Layout.Current).LinkTarget);
    }

    [Fact]
    public void Switch_MissingDirectory_IsReleaseNotFound()
    {
        var failure = Assert.Throws<DewyException>(() => Current.Switch(_fixture.Combine("releases", "gone")));

        Assert.Equal(ErrorCode.ReleaseNotFound, failure.Code);
        Assert.Null(Current.Read());
    }

    [Fact]
    public async Task Switch_RealDirectoryAtCurrent_IsRefusedAndLeftAlone()
    {
        var kept = await _fixture.AddReleaseAsync("v1");
        var precious = _fixture.WriteFile("precious", "current", "file");

        var failure = Assert.Throws<DewyException>(() => Current.Switch(kept.Path));

        Assert.Equal(ErrorCode.RootCorrupt, failure.Code);
        Assert.Equal(_fixture.Root.Layout.Current, failure.Target);
        Assert.Contains("Move", failure.NextStep, StringComparison.Ordinal);
        Assert.True(File.Exists(precious));
        Assert.Null(Current.Read());
    }

    [Fact]
    public void EnsureUsable_FileAtCurrent_IsRefused()
    {
        _fixture.WriteFile("x", "current");

        Assert.Equal(ErrorCode.RootCorrupt, Assert.Throws<DewyException>(Current.EnsureUsable).Code);
    }

    [Fact]
    public void EnsureUsable_DanglingLink_IsFine()
    {
        File.CreateSymbolicLink(_fixture.Root.Layout.Current, "releases/gone");

        Current.EnsureUsable();

        Assert.Equal(_fixture.Combine("releases", "gone"), Current.Read());
    }

    [Fact]
    public async Task Switch_TwoThousandTimes_ReaderNeverMissesCurrent()
    {
        const int switches = 2000;
        var first = await _fixture.AddReleaseAsync("v1");
        var second = await _fixture.AddReleaseAsync("v2");
        Current.Switch(first.Path);
        var file = Path.Combine(_fixture.Root.Layout.Current, "version");
        using var done = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            var reads = 0;
            while (!done.IsCancellationRequested)
            {
                Assert.StartsWith("v", File.ReadAllText(file), StringComparison.Ordinal);
                reads++;
            }

            return reads;
        });

        for (var i = 0; i < switches && !reader.IsCompleted; i++)
            Current.Switch(i % 2 == 0 ? second.Path : first.Path);

        await done.CancelAsync();
        Assert.True(await reader > 0);
        Assert.Equal(switches + 1, _fixture.Events.Of<CurrentSwitched>().Count());
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_fixture.Path), path => path.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RemoveLeftovers_LinkOfACrash_IsRemovedAndOtherFilesStay()
    {
        var kept = await _fixture.AddReleaseAsync("v1");
        Current.Switch(kept.Path);
        File.CreateSymbolicLink(_fixture.Combine(".current.abc.tmp"), "releases/x");
        var notALink = _fixture.WriteFile("x", ".current.mine.tmp");

        Current.RemoveLeftovers();

        Assert.Null(new FileInfo(_fixture.Combine(".current.abc.tmp")).LinkTarget);
        Assert.True(File.Exists(notALink));
        Assert.Equal(kept.Path, Current.Read());
    }

    [Fact]
    public void Switch_ReadOnlyFileSystem_IsRootReadOnly()
    {
        using var disk = new SmallFileSystem(kibibytes: 256);
        var root = new DeploymentRoot(disk.Path, _fixture.Events, _fixture.Time);
        root.Layout.EnsureCreated();
        var release = Directory.CreateDirectory(Path.Combine(root.Layout.Releases, "x")).FullName;
        disk.MakeReadOnly();

        var failure = Assert.Throws<DewyException>(() => root.Current.Switch(release));

        Assert.Equal((ErrorCode.RootReadOnly, "switch"), (failure.Code, failure.Phase));
    }
}

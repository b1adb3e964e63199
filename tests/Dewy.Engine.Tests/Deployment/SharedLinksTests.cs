using Dewy.Engine.Deployment;
using Xunit;

namespace Dewy.Engine.Tests.Deployment;

public sealed class SharedLinksTests : IDisposable
{
    private readonly RootFixture _fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Apply_File_IsLinkedRelativeWithParentsCreated()
    {
        _fixture.WriteFile("shared", "shared", "config", "app.yml");
        var release = Release();

        Apply(release, "config/app.yml");

        Assert.Equal("shared", File.ReadAllText(Path.Combine(release, "config", "app.yml")));
        Assert.Equal(Path.Combine("..", "..", "..", "shared", "config", "app.yml"), new FileInfo(Path.Combine(release, "config", "app.yml")).LinkTarget);
    }

    [Fact]
    public void Apply_ReleaseHasContentThere_IsReplacedByLink()
    {
        _fixture.WriteFile("shared", "shared", "storage", "file");
        var release = Release(("storage/own", "own"), ("storage/deep/own", "own"));

        Apply(release, "storage");

        Assert.Equal(["file"], Directory.EnumerateFileSystemEntries(Path.Combine(release, "storage")).Select(Path.GetFileName));
        Assert.Equal("shared", File.ReadAllText(_fixture.Combine("shared", "storage", "file")));
    }

    [Fact]
    public void Apply_Twice_IsTheSame()
    {
        _fixture.WriteFile("shared", "shared", "storage", "file");
        var release = Release();
        Apply(release, "storage");

        Apply(release, "storage");

        Assert.Equal("shared", File.ReadAllText(Path.Combine(release, "storage", "file")));
        Assert.Equal("shared", File.ReadAllText(_fixture.Combine("shared", "storage", "file")));
    }

    [Fact]
    public void Apply_MissingWithSlash_IsCreatedAsDirectory()
    {
        var release = Release();

        Apply(release, "storage/logs/");
        File.WriteAllText(Path.Combine(release, "storage", "logs", "log"), "line");

        Assert.Equal("line", File.ReadAllText(_fixture.Combine("shared", "storage", "logs", "log")));
    }

    [Fact]
    public void Apply_MissingButDirectoryInRelease_IsCreatedAsDirectory()
    {
        var release = Release(("storage/.keep", ""));

        Apply(release, "storage");

        Assert.True(Directory.Exists(_fixture.Combine("shared", "storage")));
        Assert.NotNull(new DirectoryInfo(Path.Combine(release, "storage")).LinkTarget);
    }

    [Fact]
    public void Apply_MissingFile_FailsBeforeAnythingIsChanged()
    {
        var release = Release(("storage/own", "own"));

        var failure = Assert.Throws<DewyException>(() => Apply(release, "storage", "config/app.yml"));

        Assert.Equal((ErrorCode.SharedFileMissing, "switch", _fixture.Combine("shared", "config", "app.yml")), (failure.Code, failure.Phase, failure.Target));
        Assert.NotNull(failure.NextStep);
        Assert.True(File.Exists(Path.Combine(release, "storage", "own")));
        Assert.False(Directory.Exists(_fixture.Combine("shared")));
    }

    [Fact]
    public void Apply_DanglingSharedLink_IsSharedFileMissing()
    {
        Directory.CreateDirectory(_fixture.Combine("shared"));
        File.CreateSymbolicLink(_fixture.Combine("shared", "app.yml"), "nowhere");

        Assert.Equal(ErrorCode.SharedFileMissing, Assert.Throws<DewyException>(() => Apply(Release(), "app.yml")).Code);
    }

    [Fact]
    public void Apply_SlashButSharedIsFile_SaysSo()
    {
        _fixture.WriteFile("x", "shared", "app.yml");

        var failure = Assert.Throws<DewyException>(() => Apply(Release(), "app.yml/"));

        Assert.Equal(ErrorCode.InvalidConfiguration, failure.Code);
    }

    [Fact]
    public void Apply_LinkInReleaseLeadsOut_IsRefusedAndOutsideUntouched()
    {
        var outside = _fixture.WriteFile("precious", "outside", "app.yml");
        _fixture.WriteFile("shared", "shared", "config", "app.yml");
        var release = Release();
        Directory.CreateSymbolicLink(Path.Combine(release, "config"), _fixture.Combine("outside"));

        var failure = Assert.Throws<DewyException>(() => Apply(release, "config/app.yml"));

        Assert.Equal(ErrorCode.ArchiveUnsafe, failure.Code);
        Assert.Equal("precious", File.ReadAllText(outside));
    }

    [Fact]
    public void Apply_TwoLinksInReleaseLeadOut_IsRefusedAndOutsideUntouched()
    {
        _fixture.WriteFile("precious", "outside", "deep", "app.yml");
        _fixture.WriteFile("shared", "shared", "config", "app.yml");
        var release = Release();
        Directory.CreateSymbolicLink(Path.Combine(release, "hop"), _fixture.Combine("outside"));
        Directory.CreateSymbolicLink(Path.Combine(release, "config"), Path.Combine("hop", "deep"));

        Assert.Equal(ErrorCode.ArchiveUnsafe, Assert.Throws<DewyException>(() => Apply(release, "config/app.yml")).Code);
        Assert.Equal("precious", File.ReadAllText(_fixture.Combine("outside", "deep", "app.yml")));
    }

    [Fact]
    public void Apply_LinkInsideRelease_IsFollowed()
    {
        _fixture.WriteFile("shared", "shared", "public", "uploads", "file");
        var release = Release(("dist/public/index.html", ""));
        Directory.CreateSymbolicLink(Path.Combine(release, "public"), Path.Combine("dist", "public"));

        Apply(release, "public/uploads");

        Assert.Equal("shared", File.ReadAllText(Path.Combine(release, "dist", "public", "uploads", "file")));
        Assert.Equal("shared", File.ReadAllText(Path.Combine(release, "public", "uploads", "file")));
    }

    [Fact]
    public void Apply_FileWhereParentIsNeeded_SaysSo()
    {
        _fixture.WriteFile("shared", "shared", "config", "app.yml");

        var failure = Assert.Throws<DewyException>(() => Apply(Release(("config", "a file")), "config/app.yml"));

        Assert.Equal(ErrorCode.InvalidConfiguration, failure.Code);
        Assert.Contains("--shared config/app.yml", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_LinkAtThePlace_IsReplacedAndItsTargetKept()
    {
        var outside = _fixture.WriteFile("precious", "outside", "app.yml");
        _fixture.WriteFile("shared", "shared", "app.yml");
        var release = Release();
        File.CreateSymbolicLink(Path.Combine(release, "app.yml"), outside);

        Apply(release, "app.yml");

        Assert.Equal("shared", File.ReadAllText(Path.Combine(release, "app.yml")));
        Assert.Equal("precious", File.ReadAllText(outside));
    }

    [Fact]
    public void Apply_ReleasesOnAnotherDisk_LinksAbsolute()
    {
        using var disk = new Dewy.Tests.TemporaryDirectory();
        Directory.Delete(_fixture.Root.Layout.Releases);
        Directory.CreateSymbolicLink(_fixture.Root.Layout.Releases, disk.Path);
        _fixture.WriteFile("shared", "shared", "app.yml");
        var release = Release();

        Apply(release, "app.yml");

        Assert.Equal("shared", File.ReadAllText(disk.Combine("20260115T103045Z", "app.yml")));
    }

    [Fact]
    public async Task Apply_ThenPruned_SharedContentStays()
    {
        var shared = _fixture.WriteFile("shared", "shared", "storage", "file");
        var kept = await _fixture.AddReleaseAsync("v1");
        Apply(kept.Path, "storage");
        await _fixture.AddReleaseAsync("v2");

        await _fixture.Root.Releases.PruneAsync([], keep: 1, Token);

        Assert.False(Path.Exists(kept.Path));
        Assert.True(File.Exists(shared));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../outside")]
    [InlineData("config/../../outside")]
    [InlineData(".dewy/state.json")]
    [InlineData("config/.DEWY")]
    [InlineData("")]
    [InlineData("./")]
    [InlineData("a\0b")]
    public void Parse_NotAllowed_IsInvalidOption(string path)
    {
        var failure = Assert.Throws<DewyException>(() => SharedPath.Parse(path));

        Assert.Equal((ErrorCode.InvalidOption, "--shared"), (failure.Code, failure.Target));
    }

    [Theory]
    [InlineData("./config//app.yml", "config/app.yml")]
    [InlineData("storage/", "storage/")]
    [InlineData("..data", "..data")]
    public void Parse_Allowed_IsNormalized(string path, string expected) => Assert.Equal(expected, SharedPath.Parse(path).ToString());

    [Fact]
    public void ParseAll_OneInsideAnother_IsInvalidOption() =>
        Assert.Equal(ErrorCode.InvalidOption, Assert.Throws<DewyException>(() => SharedPath.ParseAll(["storage/logs", "storage"])).Code);

    [Fact]
    public void ParseAll_SameTwice_IsOne() =>
        Assert.Equal(["storage/"], SharedPath.ParseAll(["storage/", "./storage"]).Select(path => path.ToString()));

    private void Apply(string release, params string[] paths) => new SharedLinks(_fixture.Root.Layout, paths).Apply(release, Token);

    private string Release(params (string Path, string Content)[] files)
    {
        var release = Directory.CreateDirectory(_fixture.Combine("releases", "20260115T103045Z")).FullName;
        foreach (var (path, content) in files)
            _fixture.WriteFile(content, ["releases", "20260115T103045Z", .. path.Split('/')]);
        return release;
    }
}

using Dewy.Engine.Files;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Files;

public sealed class TreeRemovalTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Delete_DeepTree_RemovesAll()
    {
        var path = _directory.Combine("tree");
        for (var i = 0; i < 50; i++)
        {
            path = Directory.CreateDirectory(Path.Combine(path, "d")).FullName;
            File.WriteAllText(Path.Combine(path, "f"), "");
            File.WriteAllText(Path.Combine(path, ".hidden"), "");
        }

        TreeRemoval.Delete(_directory.Combine("tree"), Token);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    [Fact]
    public void Delete_LinkToDirectory_RemovesTheLinkOnly()
    {
        Directory.CreateDirectory(_directory.Combine("target", "inner"));
        Directory.CreateSymbolicLink(_directory.Combine("link"), _directory.Combine("target"));

        TreeRemoval.Delete(_directory.Combine("link"), Token);

        Assert.Null(new DirectoryInfo(_directory.Combine("link")).LinkTarget);
        Assert.True(Directory.Exists(_directory.Combine("target", "inner")));
    }

    [Fact]
    public void Delete_DanglingLinkOrNothing_IsFine()
    {
        File.CreateSymbolicLink(_directory.Combine("link"), "nowhere");

        TreeRemoval.Delete(_directory.Combine("link"), Token);
        TreeRemoval.Delete(_directory.Combine("nothing"), Token);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    [Fact]
    public void Delete_DirectoriesWithoutPermissions_OpensThemUp()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Skipped: modes are of Unix.");
            return;
        }

        Assert.SkipWhen(Environment.UserName == "root", "Skipped: root may delete whatever the mode says.");
        var closed = Directory.CreateDirectory(_directory.Combine("tree", "closed", "inner")).Parent!; // two levels down, so it has one
        File.WriteAllText(Path.Combine(closed.FullName, "file"), "");
        File.SetUnixFileMode(closed.FullName, UnixFileMode.None);
        File.SetUnixFileMode(_directory.Combine("tree"), UnixFileMode.UserRead);

        TreeRemoval.Delete(_directory.Combine("tree"), Token);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    [Fact]
    public void Delete_Cancelled_Stops()
    {
        File.WriteAllText(_directory.Combine("file"), "");

        Assert.ThrowsAny<OperationCanceledException>(() => TreeRemoval.Delete(_directory.Path, new CancellationToken(canceled: true)));

        Assert.True(File.Exists(_directory.Combine("file")));
    }
}

using Dewy.Engine.Deployment;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Deployment;

public sealed class RootLayoutTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void EnsureCreated_NothingThere_CreatesRootReleasesAndPrivateDirectory()
    {
        var layout = new RootLayout(_directory.Combine("deep", "root"));

        layout.EnsureCreated();

        Assert.True(Directory.Exists(layout.Releases));
        Assert.True(Directory.Exists(layout.Private));
        Assert.False(Path.Exists(layout.Current));
        Assert.Equal([".dewy", "releases"], Directory.EnumerateFileSystemEntries(layout.Root).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EnsureCreated_PrivateDirectoryOpenToOthers_ClosesIt()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Skipped: modes are of Unix.");
            return;
        }

        var layout = new RootLayout(_directory.Path);
        Directory.CreateDirectory(layout.Private, (UnixFileMode)0b111_101_101);

        layout.EnsureCreated();

        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(layout.Private));
    }

    [Fact]
    public void EnsureCreated_RootIsFile_SaysSo()
    {
        var file = _directory.Combine("file");
        File.WriteAllText(file, "");

        var failure = Assert.Throws<DewyException>(new RootLayout(file).EnsureCreated);

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        Assert.Contains("is a file", failure.Message, StringComparison.Ordinal);
        Assert.NotNull(failure.NextStep);
    }

    [Fact]
    public void EnsureCreated_FileInTheWay_NamesTheDirectoryThatCannotBeCreated()
    {
        File.WriteAllText(_directory.Combine("file"), "");

        var failure = Assert.Throws<DewyException>(new RootLayout(_directory.Combine("file", "root")).EnsureCreated);

        Assert.Equal(_directory.Combine("file", "root"), failure.Target);
        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
    }

    [Fact]
    public void EnsureCreated_ReadOnlyFileSystem_IsRootReadOnly()
    {
        using var disk = new SmallFileSystem(kibibytes: 256);
        var layout = new RootLayout(disk.Path);
        layout.EnsureCreated();
        disk.MakeReadOnly();

        var failure = Assert.Throws<DewyException>(layout.EnsureCreated);

        Assert.Equal(ErrorCode.RootReadOnly, failure.Code);
        Assert.Equal(layout.Root, failure.Target);
    }

    [Fact]
    public void EnsureCreated_FullFileSystem_IsNoReasonNotToStart()
    {
        using var disk = new SmallFileSystem(kibibytes: 256);
        var layout = new RootLayout(disk.Path);
        layout.EnsureCreated();
        disk.Fill();

        layout.EnsureCreated();

        Assert.Equal(["filler"], Directory.EnumerateFiles(disk.Path).Select(Path.GetFileName));
    }
}

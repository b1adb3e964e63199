using Dewy.Engine.Admin;
using Dewy.Engine.Deployment;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Admin;

public sealed class AdminTokenTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly RootLayout _layout;

    public AdminTokenTests()
    {
        _layout = new RootLayout(_directory.Path);
        _layout.EnsureCreated();
    }

    [Fact]
    public void Read_FirstTime_MakesOneForTheOwnerOnly()
    {
        var token = new AdminToken(_layout).Read();

        Assert.Equal(64, token.Length);
        Assert.Equal(token, File.ReadAllText(_layout.AdminTokenFile).Trim());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_layout.AdminTokenFile));
    }

    [Fact]
    public void Read_Again_IsTheSame() => Assert.Equal(new AdminToken(_layout).Read(), new AdminToken(_layout).Read());

    [Fact]
    public void Read_AnotherRoot_IsAnother()
    {
        using var other = new TemporaryDirectory();
        var layout = new RootLayout(other.Path);
        layout.EnsureCreated();

        Assert.NotEqual(new AdminToken(layout).Read(), new AdminToken(_layout).Read());
    }

    [Fact]
    public void Read_Deleted_IsTakenBack()
    {
        var token = new AdminToken(_layout);
        var before = token.Read();

        File.Delete(_layout.AdminTokenFile);

        Assert.NotEqual(before, token.Read());
    }

    [Fact]
    public void Read_OthersCouldReadIt_IsReplaced()
    {
        Component.Linux();
        var before = new AdminToken(_layout).Read();
        File.SetUnixFileMode(_layout.AdminTokenFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        Assert.NotEqual(before, new AdminToken(_layout).Read());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_layout.AdminTokenFile));
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("not-hexadecimal-not-hexadecimal-not-hexadecimal-not-hexadecimal-")]
    public void Read_Damaged_IsReplaced(string content)
    {
        var token = new AdminToken(_layout);
        token.Read();
        File.WriteAllText(_layout.AdminTokenFile, content);

        Assert.Equal(64, token.Read().Length);
        Assert.NotEqual(content, token.Read());
    }

    public void Dispose() => _directory.Dispose();
}

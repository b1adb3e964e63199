using System.Runtime.InteropServices;
using Dewy.Engine.Releases;
using Xunit;

namespace Dewy.Engine.Tests.Releases;

public sealed class HostPlatformTests
{
    [Theory]
    [InlineData("linux/amd64", "linux", "amd64", null, (int)CLibrary.Gnu)]
    [InlineData("linux/arm64", "linux", "arm64", null, (int)CLibrary.Gnu)]
    [InlineData("linux/arm64/v8", "linux", "arm64", "v8", (int)CLibrary.Gnu)]
    [InlineData("linux/arm", "linux", "arm", "v7", (int)CLibrary.Gnu)]
    [InlineData("linux/arm/v6", "linux", "arm", "v6", (int)CLibrary.Gnu)]
    [InlineData("linux/armv7", "linux", "arm", "v7", (int)CLibrary.Gnu)]
    [InlineData("Linux/x86_64/musl", "linux", "amd64", null, (int)CLibrary.Musl)]
    [InlineData("macos/aarch64", "darwin", "arm64", null, (int)CLibrary.Unknown)]
    [InlineData("windows/x64", "windows", "amd64", null, (int)CLibrary.Msvc)]
    public void Parse_Platform_IsCanonical(string text, string system, string architecture, string? variant, int library) =>
        Assert.Equal(new HostPlatform(system, architecture, variant, (CLibrary)library), HostPlatform.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("linux")]
    [InlineData("linux/")]
    [InlineData("linux/amd64/v7/x")]
    [InlineData("linux/arm/seven")]
    [InlineData("beos/amd64")]
    [InlineData("linux/vax")]
    [InlineData("linux/universal")]
    public void Parse_NotAPlatform_NamesIt(string text)
    {
        var failure = Assert.Throws<DewyException>(() => HostPlatform.Parse(text));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        Assert.Contains($"'{text}'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Current_ThisMachine_RoundTripsAndNamesItsArchitecture()
    {
        var current = HostPlatform.Current;

        Assert.Equal(current with { CLibrary = CLibrary.Unknown }, HostPlatform.Parse(current.ToString()) with { CLibrary = CLibrary.Unknown });
        if (RuntimeInformation.ProcessArchitecture == Architecture.X64 && OperatingSystem.IsLinux())
            Assert.Equal("linux/amd64", current.ToString());
    }
}

using Dewy.Engine.Releases;
using Xunit;

namespace Dewy.Engine.Tests.Releases;

/// <summary>Rules one by one; <see cref="RealReleaseTests"/> has lists as projects publish them.</summary>
public sealed class ArtifactChooserTests
{
    [Theory]
    [InlineData("linux/arm64", "app-linux-arm.tar.gz", "app-linux-arm64.tar.gz", "app-linux-arm64.tar.gz")]
    [InlineData("linux/arm/v7", "app-linux-arm64.tar.gz", "app-linux-arm.tar.gz", "app-linux-arm.tar.gz")]
    [InlineData("linux/arm/v7", "app-linux-armv6.tar.gz", "app-linux-armv7.tar.gz", "app-linux-armv7.tar.gz")]
    [InlineData("linux/arm/v7", "app-linux-arm.tar.gz", "app-linux-armhf.tar.gz", "app-linux-armhf.tar.gz")]
    [InlineData("linux/arm/v6", "app-linux-armv6.tar.gz", "app-linux-armv7.tar.gz", "app-linux-armv6.tar.gz")]
    [InlineData("linux/arm/v6", "app-linux-armv5.tar.gz", "app-linux-armv7.tar.gz", "app-linux-armv5.tar.gz")]
    [InlineData("linux/386", "app-linux-x86_64.tar.gz", "app-linux-i686.tar.gz", "app-linux-i686.tar.gz")]
    [InlineData("linux/386", "app-linux-x86_64.tar.gz", "app-linux-x86.tar.gz", "app-linux-x86.tar.gz")]
    [InlineData("linux/amd64", "app-linux-x86.tar.gz", "app-linux-x86-64.tar.gz", "app-linux-x86-64.tar.gz")]
    [InlineData("linux/amd64", "app-linux-32bit.tar.gz", "app-linux-64bit.tar.gz", "app-linux-64bit.tar.gz")]
    [InlineData("linux/amd64", "app-linux32.tar.gz", "app-linux64.tar.gz", "app-linux64.tar.gz")]
    [InlineData("linux/arm64", "app_Linux-ARM-64bit.tar.gz", "app_Linux-64bit.tar.gz", "app_Linux-ARM-64bit.tar.gz")]
    [InlineData("linux/arm64", "app-linux-aarch64_be.tar.gz", "app-linux-aarch64.tar.gz", "app-linux-aarch64.tar.gz")]
    [InlineData("linux/arm64", "app-linux-aarch_64.tar.gz", "app-linux-x86_64.tar.gz", "app-linux-aarch_64.tar.gz")]
    [InlineData("linux/riscv64", "app-riscv64gc-unknown-linux-gnu.tar.gz", "app-x86_64-unknown-linux-gnu.tar.gz", "app-riscv64gc-unknown-linux-gnu.tar.gz")]
    [InlineData("linux/ppc64le", "app-linux-ppc64.tar.gz", "app-linux-ppc64el.tar.gz", "app-linux-ppc64el.tar.gz")]
    [InlineData("linux/s390x", "app-linux-s390_64.tar.gz", "app-linux-amd64.tar.gz", "app-linux-s390_64.tar.gz")]
    [InlineData("linux/amd64", "app-linux-amd64v3.tar.gz", "app-linux-amd64.tar.gz", "app-linux-amd64.tar.gz")]
    [InlineData("linux/amd64", "app_linux_amd64_v3.tar.gz", "app_linux_amd64_v1.tar.gz", "app_linux_amd64_v1.tar.gz")]
    [InlineData("windows/amd64", "app-darwin-amd64.zip", "app-windows-amd64.zip", "app-windows-amd64.zip")]
    [InlineData("windows/amd64", "app-win32-arm64.zip", "app-win32-x64.zip", "app-win32-x64.zip")]
    [InlineData("windows/386", "app-win64.zip", "app-win32.zip", "app-win32.zip")]
    [InlineData("darwin/arm64", "app-darwin-amd64.zip", "app-macos-universal.zip", "app-macos-universal.zip")]
    [InlineData("darwin/arm64", "app-darwin-all.zip", "app-darwin-arm64.zip", "app-darwin-arm64.zip")]
    [InlineData("darwin/amd64", "app-macos-x86_64-arm64.zip", "app-macos-arm64.zip", "app-macos-x86_64-arm64.zip")]
    [InlineData("darwin/arm64", "app-macos13-arm64.zip", "app-macosx64.zip", "app-macos13-arm64.zip")]
    [InlineData("darwin/arm64", "app-macos-intel.zip", "app-macos-arm.zip", "app-macos-arm.zip")]
    [InlineData("darwin/amd64", "app-macos-intel.zip", "app-macos-arm.zip", "app-macos-intel.zip")]
    [InlineData("darwin/amd64", "app-mac-x86.zip", "app-mac-arm.zip", "app-mac-x86.zip")]
    [InlineData("linux/arm/v7", "app-linux-arm32-v6.zip", "app-linux-arm32-v7a.zip", "app-linux-arm32-v7a.zip")]
    [InlineData("linux/amd64", "app.LinuxAMDx64.tar.gz", "app.LinuxARM64.tar.gz", "app.LinuxAMDx64.tar.gz")]
    [InlineData("darwin/arm64", "app-mac-apple-silicon.zip", "app-mac-intel.zip", "app-mac-apple-silicon.zip")]
    [InlineData("linux/amd64", "app-x86_64-linux-android.tar.gz", "app-x86_64-linux-gnu.tar.gz", "app-x86_64-linux-gnu.tar.gz")]
    [InlineData("linux/amd64", "app-x86_64-unknown-linux-musl.tar.gz", "app-x86_64-unknown-linux-gnu.tar.gz", "app-x86_64-unknown-linux-gnu.tar.gz")]
    [InlineData("linux/amd64/musl", "app-x86_64-unknown-linux-musl.tar.gz", "app-x86_64-unknown-linux-gnu.tar.gz", "app-x86_64-unknown-linux-musl.tar.gz")]
    [InlineData("linux/amd64/musl", "app-linux-amd64-static.tar.gz", "app-linux-amd64.tar.gz", "app-linux-amd64-static.tar.gz")]
    [InlineData("linux/amd64", "app-linux-amd64-static.tar.gz", "app-linux-amd64.tar.gz", "app-linux-amd64.tar.gz")]
    [InlineData("windows/amd64", "app-x86_64-pc-windows-gnu.zip", "app-x86_64-pc-windows-msvc.zip", "app-x86_64-pc-windows-msvc.zip")]
    [InlineData("linux/amd64", "app-linux-amd64-debug.tar.gz", "app-linux-amd64.tar.gz", "app-linux-amd64.tar.gz")]
    [InlineData("linux/amd64", "app-linux-amd64.tar.gz", "app-linux-amd64-extended.tar.gz", "app-linux-amd64.tar.gz")]
    [InlineData("linux/amd64", "app-linux-amd64.tar.gz", "app-ubuntu22.04-amd64.tar.gz", "app-linux-amd64.tar.gz")]
    [InlineData("linux/amd64", "app-linux-amd64", "app-linux-amd64.AppImage", "app-linux-amd64")]
    [InlineData("linux/amd64", "app-linux-amd64.zip", "app-linux-amd64.tar.xz", "app-linux-amd64.tar.xz")]
    [InlineData("windows/amd64", "app-windows-amd64.zip", "app-windows-amd64.tar.gz", "app-windows-amd64.zip")]
    [InlineData("windows/amd64", "app-windows-amd64.zip", "app-windows-amd64.exe", "app-windows-amd64.zip")]
    [InlineData("linux/amd64", "app_linux_amd64.tar.gz", "app-Linux-x64.tar.gz", "app-Linux-x64.tar.gz")]
    public void Choose_TwoFiles_TakesTheFittingOne(string host, string first, string second, string expected)
    {
        Assert.Equal(expected, Choose(host, first, second));
        Assert.Equal(expected, Choose(host, second, first));
    }

    [Theory]
    [InlineData("windows/amd64", "wintun-amd64.zip")] // "win" is no token of wintun
    [InlineData("linux/arm64", "app-linux-arm.tar.gz")]
    [InlineData("linux/arm/v7", "app-linux-arm64.tar.gz")]
    [InlineData("linux/arm/v6", "app-linux-armv7.tar.gz")]
    [InlineData("windows/amd64", "app-darwin-amd64.tar.gz")]
    [InlineData("linux/amd64", "app-amd64.zip")]
    [InlineData("windows/amd64", "app-amd64.tar.gz")]
    [InlineData("darwin/amd64", "app-amd64")]
    [InlineData("linux/amd64", "app")]
    [InlineData("linux/amd64", "app.so")]
    [InlineData("linux/amd64", "app-src.tar.gz")]
    [InlineData("linux/amd64", "app-1.0-1-x86_64.pkg.tar.zst")]
    [InlineData("linux/amd64", "app-amd64.exe")]
    [InlineData("linux/amd64", "app-linux-amd64.deb")]
    [InlineData("linux/amd64", "app-linux-amd64.tar.gz.sha256")]
    [InlineData("linux/amd64", "app-linux-amd64.sbom.json")]
    [InlineData("linux/amd64", "app-linux-amd64_SHA256SUMS")]
    [InlineData("linux/amd64", "app-linux-amd64-src.tar.gz")]
    [InlineData("linux/amd64", "install-linux-amd64.sh")]
    [InlineData("linux/amd64", "app-linux-windows-amd64.tar.gz")]
    [InlineData("linux/amd64", "shipped_to_linux_amd64_assets_at_20240115T103045.123456700Z.txt")]
    public void Choose_NothingForTheHost_IsNotFoundAndTellsTheName(string host, string name)
    {
        var choice = Assert.IsType<ArtifactChoice.NotFound>(new ArtifactChooser(null, HostPlatform.Parse(host)).Choose(Assets(name)));

        Assert.Equal([name], choice.Names);
    }

    [Theory]
    [InlineData("app-linux.tar.gz", "linux/arm64")]
    [InlineData("app-linux.tar.gz", "linux/amd64")]
    [InlineData("app-macos.zip", "darwin/arm64")]
    [InlineData("app.exe", "windows/arm64")]
    public void Choose_NobodyNamesAnArchitecture_TakesTheSystems(string name, string host) => Assert.Equal(name, Choose(host, name, "app-freebsd-amd64.tar.gz"));

    [Fact]
    public void Choose_OnlyNeighboursNameAnArchitecture_TakesTheUnnamedForX64Alone()
    {
        string[] names = ["app_linux", "app_linux_armv7l", "app.exe", "app_x86.exe", "app_macos"];

        Assert.Equal("app_linux", Choose("linux/amd64", names));
        Assert.Null(Choose("linux/arm64", names));
        Assert.Equal("app_linux_armv7l", Choose("linux/arm/v7", names));
        Assert.Equal("app.exe", Choose("windows/amd64", names));
        Assert.Equal("app_x86.exe", Choose("windows/386", names));
        Assert.Equal("app_macos", Choose("darwin/arm64", names));
    }

    [Theory]
    [InlineData("app.tar.gz")]
    [InlineData("site.zip")]
    [InlineData("myapp-1.2.3.zip")]
    [InlineData("app.jar")]
    public void Choose_OnlyArchiveAndNoPlatformNamed_IsForEverybody(string name)
    {
        Assert.Equal(name, Choose("linux/amd64", name, name + ".sha256", "checksums.txt", "install.sh", "README.md"));
        Assert.Equal(name, Choose("windows/arm64", name));
        Assert.Equal(name, Choose("darwin/arm64", name));
    }

    [Theory]
    [InlineData("app-darwin-arm64.zip")]
    [InlineData("app-setup.exe")]
    [InlineData("app.msi")]
    [InlineData("app.dmg")]
    [InlineData("app_1.0_amd64.deb")]
    [InlineData("app-x86_64.AppImage")]
    public void Choose_ArchiveWithoutPlatformBesideOthers_IsTheSource(string other)
    {
        Assert.Null(Choose("linux/arm64", "app-1.0.tar.gz", other));
    }

    [Fact]
    public void Choose_SeveralArchivesWithoutPlatform_PlainOneOrAmbiguous()
    {
        Assert.Equal("app.tar.gz", Choose("linux/amd64", "app.tar.gz", "app.zip", "app-extended.tar.gz"));
        Assert.Equal("app.zip", Choose("windows/amd64", "app.tar.gz", "app.zip", "app-extended.tar.gz"));
        Assert.Null(Choose("linux/amd64", "site-de.zip", "site-fr.zip"));
    }

    [Fact]
    public void Choose_ArchitecturesAndNoSystemNamed_IsLinux()
    {
        string[] names = ["app", "app-arm64", "app-armhf", "app_1.0_amd64.deb"];

        Assert.Equal("app", Choose("linux/amd64", names));
        Assert.Equal("app-arm64", Choose("linux/arm64", names));
        Assert.Equal("app-armhf", Choose("linux/arm/v7", names));
        Assert.Null(Choose("linux/riscv64", names));
        Assert.Null(Choose("darwin/arm64", names));
        Assert.Null(Choose("linux/arm64", [.. names, "app.exe"]));
    }

    [Theory]
    [InlineData("VictoriaMetrics", "victoria-metrics-linux-amd64.tar.gz", "vmutils-linux-amd64.tar.gz")]
    [InlineData("argo-cd", "argocd-linux-amd64", "argocd-extra-linux-amd64")]
    [InlineData("agent", "acme-agent-linux-amd64.zip", "acme-agentctl-linux-amd64.zip")]
    [InlineData("agent", "acme-agent-linux-amd64.zip", "acme-agent-flow-linux-amd64.zip")]
    public void Choose_ProgramsNamePartedOrLaterInTheName_TheOneThatIsMeantWins(string program, string expected, string other)
    {
        var chooser = new ArtifactChooser(null, HostPlatform.Parse("linux/amd64"), program);

        Assert.Equal(expected, Name(chooser.Choose(Assets(other, expected))));
    }

    [Theory]
    [InlineData("linux-tool-windows-amd64.zip", "linux-tool-linux-amd64.zip")]
    [InlineData("arm-tool-windows-amd64.zip", "arm-tool-linux-amd64.zip")]
    public void Choose_ProgramIsNamedLikeAPlatform_CommonBeginningIsNoPlatform(string windows, string linux)
    {
        Assert.Equal(linux, Choose("linux/amd64", windows, linux));
        Assert.Equal(windows, Choose("windows/amd64", windows, linux));
    }

    [Fact]
    public void Choose_OneFileOfAProgramNamedLikeAPlatform_StripsItsName()
    {
        var host = HostPlatform.Parse("windows/amd64");

        Assert.IsType<ArtifactChoice.NotFound>(new ArtifactChooser(null, host).Choose(Assets("linux-tool-windows-amd64.zip")));
        Assert.IsType<ArtifactChoice.Chosen>(new ArtifactChooser(null, host, "linux-tool").Choose(Assets("linux-tool-windows-amd64.zip")));
    }

    [Fact]
    public void Choose_AllFilesForOneSystem_CommonBeginningIsThePlatform()
    {
        string[] names = ["linux-amd64.tar.gz", "linux-arm64.tar.gz"];

        Assert.Equal("linux-arm64.tar.gz", Choose("linux/arm64", names));
        Assert.Null(Choose("windows/arm64", names));
    }

    [Fact]
    public void Choose_SeveralPrograms_IsAmbiguousAndListsThem()
    {
        var choice = new ArtifactChooser(null, HostPlatform.Parse("linux/amd64"))
            .Choose(Assets("server-linux-amd64.tar.gz", "client-linux-amd64.tar.gz", "client-linux-amd64.zip", "client-windows-amd64.zip"));

        Assert.Equal(["client-linux-amd64.tar.gz", "server-linux-amd64.tar.gz"], Assert.IsType<ArtifactChoice.Ambiguous>(choice).Names);
    }

    [Fact]
    public void Choose_SeveralPrograms_TheOneThatIsMeantWins()
    {
        var chooser = new ArtifactChooser(null, HostPlatform.Parse("linux/amd64"), "server");

        Assert.Equal("server-linux-amd64.tar.gz", Name(chooser.Choose(Assets("server-linux-amd64.tar.gz", "client-linux-amd64.tar.gz"))));
    }

    [Fact]
    public void Choose_SeveralProgramsMeant_IsAmbiguous()
    {
        var chooser = new ArtifactChooser(null, HostPlatform.Parse("linux/amd64"), "server", "client");

        Assert.IsType<ArtifactChoice.Ambiguous>(chooser.Choose(Assets("server-linux-amd64.tar.gz", "client-linux-amd64.tar.gz")));
    }

    [Fact]
    public void Choose_BuildsForSeveralRuntimes_IsAmbiguous() =>
        Assert.IsType<ArtifactChoice.Ambiguous>(new ArtifactChooser(null, HostPlatform.Parse("linux/amd64")).Choose(Assets("php-8.2-linux-amd64.tar.gz", "php-8.3-linux-amd64.tar.gz")));

    [Fact]
    public void Choose_VersionLooksLikeAnArchitecture_IsNotOne()
    {
        var chooser = new ArtifactChooser(null, HostPlatform.Parse("linux/amd64"));

        Assert.Equal("app-386.0.0-linux-amd64.tar.gz", Name(chooser.Choose(Assets("app-386.0.0-linux-amd64.tar.gz", "app-386.0.0-linux-386.tar.gz"), "386.0.0")));
        Assert.Equal("app.1.2.3.amd64.linux", Name(chooser.Choose(Assets("app.1.2.3.386.linux", "app.1.2.3.amd64.linux"), "1.2.3")));
        Assert.IsType<ArtifactChoice.NotFound>(chooser.Choose(Assets("app.linux.v1.2.3.386"), "1.2.3"));
        Assert.Equal("app-1.0.0-arm64-linux-amd64.tar.gz", Name(chooser.Choose(Assets("app-1.0.0-arm64-linux-amd64.tar.gz"), "1.0.0-arm64")));
    }

    [Theory]
    [InlineData("site.zip", "site.zip")]
    [InlineData("app-windows-amd64.zip", "app-windows-amd64.zip")]
    [InlineData("SHA256SUMS", "SHA256SUMS")]
    [InlineData("App-linux-amd64.zip", null)]
    public void Choose_ExactName_IsTakenAsItIs(string wanted, string? expected)
    {
        var chooser = new ArtifactChooser(wanted, HostPlatform.Parse("linux/amd64"));

        Assert.Equal(expected, Name(chooser.Choose(Assets("site.zip", "app-windows-amd64.zip", "app-linux-amd64.zip", "SHA256SUMS"))));
    }

    [Theory]
    [InlineData("server_*_linux_amd64.tar.gz", "server_1.0.0_linux_amd64.tar.gz")]
    [InlineData("server_*", "server_1.0.0_linux_amd64.tar.gz")]
    [InlineData("*_arm64.tar.gz", "server_1.0.0_linux_arm64.tar.gz")]
    [InlineData("*.tar.gz", null)]
    [InlineData("*", null)]
    [InlineData("server_*.sha256", null)]
    [InlineData("server.1.0.0*", null)]
    public void Choose_Glob_NarrowsTheChoice(string glob, string? expected)
    {
        var chooser = new ArtifactChooser(glob, HostPlatform.Parse("linux/amd64"));

        Assert.Equal(expected, Name(chooser.Choose(Assets(
            "server_1.0.0_linux_amd64.tar.gz", "server_1.0.0_linux_amd64.tar.gz.sha256", "server_1.0.0_linux_arm64.tar.gz", "client_1.0.0_linux_amd64.tar.gz"))));
    }

    [Fact]
    public void Choose_GlobThatFitsSeveralFilesOfNoPlatform_IsAmbiguous()
    {
        var choice = new ArtifactChooser("site-*", HostPlatform.Parse("linux/amd64")).Choose(Assets("site-de.zip", "site-fr.zip"));

        Assert.Equal(["site-de.zip", "site-fr.zip"], Assert.IsType<ArtifactChoice.Ambiguous>(choice).Names);
    }

    [Fact]
    public void Choose_NameMadeToBeTakenApartInManyWays_TakesNoTime()
    {
        var hostile = string.Concat(Enumerable.Repeat("macosx", 40)) + "-amd64.zip";

        Assert.Equal("app-linux-amd64.zip", Choose("linux/amd64", hostile, "app-linux-amd64.zip"));
    }

    [Fact]
    public void Choose_NoFiles_IsNotFound() => Assert.Empty(Assert.IsType<ArtifactChoice.NotFound>(new ArtifactChooser(null, HostPlatform.Current).Choose([])).Names);

    private static string? Choose(string host, params string[] names) => Name(new ArtifactChooser(null, HostPlatform.Parse(host)).Choose(Assets(names)));

    private static string? Name(ArtifactChoice choice) => (choice as ArtifactChoice.Chosen)?.Asset.Name;

    private static IEnumerable<ReleaseAsset> Assets(params string[] names) =>
        names.Select(name => new ReleaseAsset { Name = name, Location = new Uri("https://example.test/" + Uri.EscapeDataString(name)) });
}

using Dewy.Engine.Releases;
using Xunit;

namespace Dewy.Engine.Tests.Releases;

/// <summary>Lists of files in the manner well-known projects name theirs.</summary>
public sealed class RealReleaseTests
{
    private static readonly Dictionary<string, (string Version, string[] Files)> Projects = new(StringComparer.Ordinal)
    {
        ["ripgrep"] = ("14.1.0",
        [
            "ripgrep-14.1.0-aarch64-apple-darwin.tar.gz", "ripgrep-14.1.0-aarch64-apple-darwin.tar.gz.sha256", "ripgrep-14.1.0-aarch64-unknown-linux-gnu.tar.gz",
            "ripgrep-14.1.0-armv7-unknown-linux-gnueabihf.tar.gz", "ripgrep-14.1.0-armv7-unknown-linux-musleabi.tar.gz", "ripgrep-14.1.0-armv7-unknown-linux-musleabihf.tar.gz",
            "ripgrep-14.1.0-i686-pc-windows-msvc.zip", "ripgrep-14.1.0-i686-unknown-linux-gnu.tar.gz", "ripgrep-14.1.0-powerpc64-unknown-linux-gnu.tar.gz",
            "ripgrep-14.1.0-s390x-unknown-linux-gnu.tar.gz", "ripgrep-14.1.0-x86_64-apple-darwin.tar.gz", "ripgrep-14.1.0-x86_64-pc-windows-gnu.zip",
            "ripgrep-14.1.0-x86_64-pc-windows-msvc.zip", "ripgrep-14.1.0-x86_64-unknown-linux-musl.tar.gz", "ripgrep_14.1.0-1_amd64.deb", "ripgrep_14.1.0-1_amd64.deb.sha256",
        ]),
        ["gh"] = ("2.60.0",
        [
            "gh_2.60.0_checksums.txt", "gh_2.60.0_linux_386.deb", "gh_2.60.0_linux_386.rpm", "gh_2.60.0_linux_386.tar.gz", "gh_2.60.0_linux_amd64.deb", "gh_2.60.0_linux_amd64.tar.gz",
            "gh_2.60.0_linux_arm64.tar.gz", "gh_2.60.0_linux_armv6.tar.gz", "gh_2.60.0_macOS_amd64.zip", "gh_2.60.0_macOS_arm64.zip", "gh_2.60.0_macOS_universal.pkg",
            "gh_2.60.0_windows_386.msi", "gh_2.60.0_windows_386.zip", "gh_2.60.0_windows_amd64.msi", "gh_2.60.0_windows_amd64.zip", "gh_2.60.0_windows_arm64.zip",
        ]),
        ["hugo"] = ("0.136.5",
        [
            "hugo_0.136.5_checksums.txt", "hugo_0.136.5_darwin-universal.tar.gz", "hugo_0.136.5_linux-amd64.deb", "hugo_0.136.5_Linux-64bit.tar.gz", "hugo_0.136.5_linux-amd64.tar.gz",
            "hugo_0.136.5_linux-arm64.tar.gz", "hugo_0.136.5_windows-amd64.zip", "hugo_extended_0.136.5_darwin-universal.tar.gz", "hugo_extended_0.136.5_linux-amd64.tar.gz",
            "hugo_extended_0.136.5_Linux-64bit.tar.gz", "hugo_extended_0.136.5_windows-amd64.zip", "hugo_extended_withdeploy_0.136.5_linux-amd64.tar.gz",
        ]),
        ["caddy"] = ("2.8.4",
        [
            "caddy_2.8.4_buildable-artifact.tar.gz", "caddy_2.8.4_buildable-artifact.tar.gz.sig", "caddy_2.8.4_checksums.txt", "caddy_2.8.4_freebsd_amd64.tar.gz", "caddy_2.8.4_linux_amd64.deb",
            "caddy_2.8.4_linux_amd64.sbom", "caddy_2.8.4_linux_amd64.tar.gz", "caddy_2.8.4_linux_amd64.tar.gz.pem", "caddy_2.8.4_linux_armv5.tar.gz", "caddy_2.8.4_linux_armv6.tar.gz",
            "caddy_2.8.4_linux_armv7.tar.gz", "caddy_2.8.4_mac_arm64.tar.gz", "caddy_2.8.4_src.tar.gz", "caddy_2.8.4_windows_amd64.zip",
        ]),
        ["deno"] = ("2.0.0",
        [
            "deno-aarch64-apple-darwin.zip", "deno-aarch64-unknown-linux-gnu.zip", "deno-x86_64-apple-darwin.zip", "deno-x86_64-pc-windows-msvc.zip", "deno-x86_64-unknown-linux-gnu.zip",
            "denort-aarch64-apple-darwin.zip", "denort-x86_64-pc-windows-msvc.zip", "denort-x86_64-unknown-linux-gnu.zip", "deno_src.tar.gz", "lib.deno.d.ts",
        ]),
        ["bun"] = ("1.1.30",
        [
            "bun-darwin-aarch64-profile.zip", "bun-darwin-aarch64.zip", "bun-darwin-x64-baseline.zip", "bun-darwin-x64.zip", "bun-linux-aarch64-musl.zip", "bun-linux-aarch64.zip",
            "bun-linux-x64-baseline-profile.zip", "bun-linux-x64-baseline.zip", "bun-linux-x64-musl-baseline.zip", "bun-linux-x64-musl.zip", "bun-linux-x64-profile.zip", "bun-linux-x64.zip",
            "bun-windows-x64-baseline.zip", "bun-windows-x64.zip", "SHASUMS256.txt", "SHASUMS256.txt.asc",
        ]),
        ["jq"] = ("1.7.1",
        [
            "jq-1.7.1.tar.gz", "jq-1.7.1.zip", "jq-linux-amd64", "jq-linux-arm64", "jq-linux-armhf", "jq-linux-i386", "jq-linux64", "jq-macos-amd64", "jq-macos-arm64", "jq-osx-amd64",
            "jq-win64.exe", "jq-windows-amd64.exe", "jq-windows-i386.exe", "sha256sum.txt",
        ]),
        ["windows_exporter"] = ("0.29.0", ["sha256sums.txt", "windows_exporter-0.29.0-386.exe", "windows_exporter-0.29.0-amd64.exe", "windows_exporter-0.29.0-amd64.msi", "windows_exporter-0.29.0-arm64.exe"]),
        ["go-arch-lint"] = ("1.11.4", ["checksums.txt", "go-arch-lint_1.11.4_darwin_amd64.tar.gz", "go-arch-lint_1.11.4_linux_386.tar.gz", "go-arch-lint_1.11.4_linux_amd64.tar.gz", "go-arch-lint_1.11.4_linux_arm64.tar.gz"]),
        ["prometheus"] = ("2.54.1", ["prometheus-2.54.1.darwin-arm64.tar.gz", "prometheus-2.54.1.linux-386.tar.gz", "prometheus-2.54.1.linux-amd64.tar.gz", "prometheus-2.54.1.linux-armv7.tar.gz", "prometheus-2.54.1.windows-amd64.zip", "prometheus-web-ui-2.54.1.tar.gz", "sha256sums.txt"]),
        ["protobuf"] = ("28.2", ["protobuf-28.2.tar.gz", "protobuf-28.2.zip", "protoc-28.2-linux-aarch_64.zip", "protoc-28.2-linux-ppcle_64.zip", "protoc-28.2-linux-x86_32.zip", "protoc-28.2-linux-x86_64.zip", "protoc-28.2-osx-universal_binary.zip", "protoc-28.2-win32.zip", "protoc-28.2-win64.zip"]),
        ["containerd"] = ("1.7.22", ["containerd-1.7.22-linux-amd64.tar.gz", "containerd-1.7.22-linux-amd64.tar.gz.sha256sum", "containerd-static-1.7.22-linux-amd64.tar.gz", "cri-containerd-1.7.22-linux-amd64.tar.gz", "cri-containerd-cni-1.7.22-linux-amd64.tar.gz", "containerd-1.7.22-linux-arm64.tar.gz"]),
        ["kubectl"] = ("1.31.0", ["kubectl-linux-amd64", "kubectl-linux-amd64.sha256", "kubectl-linux-arm64", "kubectl-darwin-arm64", "kubectl-windows-amd64.exe"]),
        ["micromamba"] = ("2.0.2", ["micromamba-linux-64", "micromamba-linux-64.sha256", "micromamba-linux-64.tar.bz2", "micromamba-linux-aarch64", "micromamba-osx-64", "micromamba-osx-arm64", "micromamba-win-64.exe"]),
        ["yt-dlp"] = ("2024.10.07", ["yt-dlp", "yt-dlp.exe", "yt-dlp.tar.gz", "yt-dlp_linux", "yt-dlp_linux_aarch64", "yt-dlp_linux_armv7l", "yt-dlp_macos", "yt-dlp_macos.zip", "yt-dlp_macos_legacy", "yt-dlp_min.exe", "yt-dlp_win.zip", "yt-dlp_x86.exe", "SHA2-256SUMS", "_update_spec"]),
        ["nvim"] = ("0.10.2", ["nvim-linux64.tar.gz", "nvim-linux64.tar.gz.sha256sum", "nvim-macos-arm64.tar.gz", "nvim-macos-x86_64.tar.gz", "nvim-win64.msi", "nvim-win64.zip", "nvim.appimage", "nvim.appimage.zsync"]),
        ["app"] = ("1.0.0", ["app_1.0.0_Linux_x86_64.tar.gz", "app_1.0.0_Darwin_all.tar.gz", "app_1.0.0_Windows_x86_64.zip", "app-debugsymbols_1.0.0_Linux_x86_64.tar.gz", "wintun-0.14.1.zip", "app_1.0.0.intoto.jsonl"]),
    };

    [Theory]
    [InlineData("ripgrep", "linux/amd64", "ripgrep-14.1.0-x86_64-unknown-linux-musl.tar.gz")]
    [InlineData("ripgrep", "linux/arm64", "ripgrep-14.1.0-aarch64-unknown-linux-gnu.tar.gz")]
    [InlineData("ripgrep", "linux/arm/v7", "ripgrep-14.1.0-armv7-unknown-linux-gnueabihf.tar.gz")]
    [InlineData("ripgrep", "linux/ppc64le", null)]
    [InlineData("ripgrep", "windows/amd64", "ripgrep-14.1.0-x86_64-pc-windows-msvc.zip")]
    [InlineData("ripgrep", "windows/386", "ripgrep-14.1.0-i686-pc-windows-msvc.zip")]
    [InlineData("ripgrep", "darwin/arm64", "ripgrep-14.1.0-aarch64-apple-darwin.tar.gz")]
    [InlineData("gh", "linux/amd64", "gh_2.60.0_linux_amd64.tar.gz")]
    [InlineData("gh", "linux/386", "gh_2.60.0_linux_386.tar.gz")]
    [InlineData("gh", "linux/arm/v7", "gh_2.60.0_linux_armv6.tar.gz")]
    [InlineData("gh", "darwin/arm64", "gh_2.60.0_macOS_arm64.zip")]
    [InlineData("gh", "windows/arm64", "gh_2.60.0_windows_arm64.zip")]
    [InlineData("hugo", "linux/amd64", "hugo_0.136.5_Linux-64bit.tar.gz")]
    [InlineData("hugo", "darwin/arm64", "hugo_0.136.5_darwin-universal.tar.gz")]
    [InlineData("hugo", "windows/amd64", "hugo_0.136.5_windows-amd64.zip")]
    [InlineData("caddy", "linux/amd64", "caddy_2.8.4_linux_amd64.tar.gz")]
    [InlineData("caddy", "linux/arm/v6", "caddy_2.8.4_linux_armv6.tar.gz")]
    [InlineData("caddy", "darwin/arm64", "caddy_2.8.4_mac_arm64.tar.gz")]
    [InlineData("caddy", "freebsd/amd64", "caddy_2.8.4_freebsd_amd64.tar.gz")]
    [InlineData("deno", "linux/amd64", "deno-x86_64-unknown-linux-gnu.zip")]
    [InlineData("deno", "windows/amd64", "deno-x86_64-pc-windows-msvc.zip")]
    [InlineData("bun", "linux/amd64", "bun-linux-x64.zip")]
    [InlineData("bun", "linux/amd64/musl", "bun-linux-x64-musl.zip")]
    [InlineData("bun", "linux/arm64", "bun-linux-aarch64.zip")]
    [InlineData("bun", "darwin/amd64", "bun-darwin-x64.zip")]
    [InlineData("jq", "linux/amd64", "jq-linux64")]
    [InlineData("jq", "linux/arm/v7", "jq-linux-armhf")]
    [InlineData("jq", "darwin/amd64", "jq-osx-amd64")]
    [InlineData("jq", "windows/386", "jq-windows-i386.exe")]
    [InlineData("windows_exporter", "windows/amd64", "windows_exporter-0.29.0-amd64.exe")]
    [InlineData("windows_exporter", "windows/386", "windows_exporter-0.29.0-386.exe")]
    [InlineData("windows_exporter", "linux/amd64", null)]
    [InlineData("go-arch-lint", "linux/amd64", "go-arch-lint_1.11.4_linux_amd64.tar.gz")]
    [InlineData("go-arch-lint", "windows/amd64", null)]
    [InlineData("prometheus", "linux/amd64", "prometheus-2.54.1.linux-amd64.tar.gz")]
    [InlineData("prometheus", "linux/386", "prometheus-2.54.1.linux-386.tar.gz")]
    [InlineData("protobuf", "linux/amd64", "protoc-28.2-linux-x86_64.zip")]
    [InlineData("protobuf", "linux/386", "protoc-28.2-linux-x86_32.zip")]
    [InlineData("protobuf", "linux/arm64", "protoc-28.2-linux-aarch_64.zip")]
    [InlineData("protobuf", "linux/ppc64le", "protoc-28.2-linux-ppcle_64.zip")]
    [InlineData("protobuf", "darwin/arm64", "protoc-28.2-osx-universal_binary.zip")]
    [InlineData("protobuf", "windows/amd64", "protoc-28.2-win64.zip")]
    [InlineData("containerd", "linux/amd64", "containerd-1.7.22-linux-amd64.tar.gz")]
    [InlineData("kubectl", "linux/amd64", "kubectl-linux-amd64")]
    [InlineData("kubectl", "windows/amd64", "kubectl-windows-amd64.exe")]
    [InlineData("micromamba", "linux/amd64", "micromamba-linux-64.tar.bz2")]
    [InlineData("micromamba", "windows/amd64", "micromamba-win-64.exe")]
    [InlineData("micromamba", "darwin/amd64", "micromamba-osx-64")]
    [InlineData("yt-dlp", "linux/amd64", "yt-dlp_linux")]
    [InlineData("yt-dlp", "linux/arm64", "yt-dlp_linux_aarch64")]
    [InlineData("yt-dlp", "darwin/arm64", "yt-dlp_macos.zip")]
    [InlineData("nvim", "linux/amd64", "nvim-linux64.tar.gz")]
    [InlineData("nvim", "windows/amd64", "nvim-win64.zip")]
    [InlineData("nvim", "darwin/arm64", "nvim-macos-arm64.tar.gz")]
    [InlineData("app", "linux/amd64", "app_1.0.0_Linux_x86_64.tar.gz")]
    [InlineData("app", "darwin/arm64", "app_1.0.0_Darwin_all.tar.gz")]
    [InlineData("app", "windows/amd64", "app_1.0.0_Windows_x86_64.zip")]
    public void Choose_FilesOfAProject_TakesWhatItsUserWould(string project, string host, string? expected)
    {
        var (version, files) = Projects[project];
        var assets = files.Select(name => new ReleaseAsset { Name = name, Location = new Uri("https://example.test/" + name) });

        var choice = new ArtifactChooser(null, HostPlatform.Parse(host), project).Choose(assets, version);

        Assert.True(choice is not ArtifactChoice.Ambiguous, choice is ArtifactChoice.Ambiguous several ? string.Join(' ', several.Names) : "");
        Assert.Equal(expected, (choice as ArtifactChoice.Chosen)?.Asset.Name);
    }
}

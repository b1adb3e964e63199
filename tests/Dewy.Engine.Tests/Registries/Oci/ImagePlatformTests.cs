using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Oci;
using Dewy.Engine.Registries.Oci.Wire;
using Dewy.Engine.Releases;
using Xunit;

namespace Dewy.Engine.Tests.Registries.Oci;

public sealed class ImagePlatformTests
{
    [Theory]
    [InlineData("linux/amd64", "linux/amd64 linux/arm64 windows/amd64", "linux/amd64")]
    [InlineData("linux/arm64", "linux/amd64 linux/arm64/v8", "linux/arm64/v8")]
    [InlineData("linux/arm64/v8", "linux/arm64", "linux/arm64")]
    [InlineData("linux/arm64", "linux/arm64/v9", null)]
    [InlineData("linux/arm/v7", "linux/arm/v5 linux/arm/v6 linux/arm64", "linux/arm/v6")]
    [InlineData("linux/arm/v7", "linux/arm/v6 linux/arm", "linux/arm")]
    [InlineData("linux/arm/v6", "linux/arm/v7", null)]
    [InlineData("linux/amd64", "linux/amd64/v3 linux/amd64", "linux/amd64")]
    [InlineData("linux/amd64", "linux/amd64/v3", null)]
    [InlineData("linux/amd64", "unknown/unknown windows/amd64", null)]
    [InlineData("linux/amd64", "linux/arm64 -", "-")]
    [InlineData("linux/amd64", "", null)]
    public void Choose_Index_IsWhatRunsBest(string wanted, string index, string? expected)
    {
        var manifests = index.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => new DescriptorDocument
        {
            MediaType = TestImage.OciManifest,
            Digest = name,
            Platform = name is "-" ? null : Platform(name),
        }).ToList();

        Assert.Equal(expected, ImagePlatform.Choose(manifests, HostPlatform.Parse(wanted))?.Digest);
    }

    [Theory]
    [InlineData("img://ghcr.io/a?platform=linux/arm/v6", "darwin/arm64", "linux/arm/v6")]
    [InlineData("img://ghcr.io/a?platform=windows/x86_64", "linux/amd64", "windows/amd64")]
    [InlineData("img://ghcr.io/a", "linux/riscv64", "linux/riscv64")]
    [InlineData("img://ghcr.io/a", "darwin/arm64", "linux/arm64")]
    public void Of_Address_IsItsPlatformOrTheHosts(string url, string host, string expected) =>
        Assert.Equal(expected, ImagePlatform.Of(RegistryAddress.Parse(url), HostPlatform.Parse(host)).ToString());

    private static PlatformDocument Platform(string name)
    {
        var parts = name.Split('/');
        return new PlatformDocument { Os = parts[0], Architecture = parts[1], Variant = parts.Length > 2 ? parts[2] : null };
    }
}

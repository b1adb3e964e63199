using Dewy.Engine.Containers.Engine;
using Dewy.Engine.Containers.Images;
using Dewy.Engine.Diagnostics;
using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Oci;
using Xunit;

namespace Dewy.Engine.Tests.Containers;

public sealed class PullFailureTests
{
    /// <summary>What engines say, in their own words.</summary>
    [Theory]
    [InlineData("manifest for ghcr.io/acme/app@sha256:aa not found: manifest unknown: manifest unknown", ErrorCode.ImageNotFound)]
    [InlineData("no matching manifest for linux/arm64/v8 in the manifest list entries", ErrorCode.ImageNotFound)]
    [InlineData("pull access denied for acme/app, repository does not exist or may require 'docker login': denied: requested access to the resource is denied", ErrorCode.RegistryUnauthorized)]
    [InlineData("Head \"https://ghcr.io/v2/acme/app/manifests/v1\": unauthorized", ErrorCode.RegistryUnauthorized)]
    [InlineData("Get \"https://ghcr.io/v2/\": no basic auth credentials", ErrorCode.RegistryUnauthorized)]
    [InlineData("toomanyrequests: You have reached your pull rate limit.", ErrorCode.RegistryRateLimited)]
    [InlineData("failed to register layer: write /x: no space left on device", ErrorCode.DiskFull)]
    [InlineData("Get \"https://ghcr.io/v2/\": dial tcp: lookup ghcr.io: no such host", ErrorCode.RegistryUnavailable)]
    [InlineData("Get \"https://ghcr.io/v2/\": x509: certificate signed by unknown authority", ErrorCode.RegistryUnavailable)]
    [InlineData("received unexpected HTTP status: 503 Service Unavailable", ErrorCode.RegistryUnavailable)]
    public void Explain_EnginesWords_HaveACodeAndANextStep(string said, ErrorCode code)
    {
        var engine = new EngineFailure(new EngineAddress { Display = "unix:///x", Runtime = "docker" }, "alice", new SecretRedactor());

        var failure = new PullFailure(ImageRepository.From(RegistryAddress.Parse("img://ghcr.io/acme/app")), "ghcr.io/acme/app@sha256:aa", "v1", engine).Explain(said);

        Assert.Equal((code, "fetch"), (failure.Code, failure.Phase));
        Assert.NotNull(failure.NextStep);
        Assert.Contains(said.TrimEnd('.'), failure.Message, StringComparison.Ordinal);
    }
}

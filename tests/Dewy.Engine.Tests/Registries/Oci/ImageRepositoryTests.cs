using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Oci;
using Xunit;

namespace Dewy.Engine.Tests.Registries.Oci;

public sealed class ImageRepositoryTests
{
    [Theory]
    [InlineData("img://ghcr.io/acme/app", "ghcr.io/acme/app", "https://ghcr.io/v2/acme/app/x")]
    [InlineData("img://GHCR.io/acme/app/", "ghcr.io/acme/app", "https://ghcr.io/v2/acme/app/x")]
    [InlineData("img://us-central1-docker.pkg.dev/project-id/repo/app", "us-central1-docker.pkg.dev/project-id/repo/app", "https://us-central1-docker.pkg.dev/v2/project-id/repo/app/x")]
    [InlineData("img://docker.io/nginx", "docker.io/library/nginx", "https://registry-1.docker.io/v2/library/nginx/x")]
    [InlineData("img://docker.io/library/nginx", "docker.io/library/nginx", "https://registry-1.docker.io/v2/library/nginx/x")]
    [InlineData("img://index.docker.io/acme/app", "docker.io/acme/app", "https://registry-1.docker.io/v2/acme/app/x")]
    [InlineData("img://registry-1.docker.io/acme/app", "docker.io/acme/app", "https://registry-1.docker.io/v2/acme/app/x")]
    [InlineData("img://registry.example:5000/a/b__c/d-e.f", "registry.example:5000/a/b__c/d-e.f", "https://registry.example:5000/v2/a/b__c/d-e.f/x")]
    [InlineData("img://registry.example/app?plain-http=true", "registry.example/app", "http://registry.example/v2/app/x")]
    [InlineData("img://registry:5000/app?plain-http", "registry:5000/app", "http://registry:5000/v2/app/x")]
    [InlineData("img://localhost:5000/app", "localhost:5000/app", "http://localhost:5000/v2/app/x")]
    [InlineData("img://127.0.0.1:5000/app", "127.0.0.1:5000/app", "http://127.0.0.1:5000/v2/app/x")]
    [InlineData("img://[::1]:5000/app", "[::1]:5000/app", "http://[::1]:5000/v2/app/x")]
    [InlineData("img://localhost:5000/app?plain-http=false", "localhost:5000/app", "https://localhost:5000/v2/app/x")]
    [InlineData("img://10.0.0.1:5000/app", "10.0.0.1:5000/app", "https://10.0.0.1:5000/v2/app/x")]
    public void From_Address_IsWhereItIsAskedAndWhatItIsCalled(string url, string reference, string location)
    {
        var repository = ImageRepository.From(RegistryAddress.Parse(url));

        Assert.Equal((reference, location), (repository.Reference, repository.Locate("x").ToString()));
    }

    [Theory]
    [InlineData("img://", "names no registry")]
    [InlineData("img:///app", "names no registry")]
    [InlineData("img://ghcr.io", "names no repository")]
    [InlineData("img://ghcr.io/", "names no repository")]
    [InlineData("img://ghcr.io/acme/app:v1.2.3", "a tag or a digest")]
    [InlineData("img://ghcr.io/acme/app@sha256:00", "a tag or a digest")]
    [InlineData("img://ghcr.io/Acme/app", "no repository's name")]
    [InlineData("img://ghcr.io/acme/../app", "no repository's name")]
    [InlineData("img://ghcr.io/acme//app", "no repository's name")]
    [InlineData("img://ghcr.io/acme/app%3Fx", "no repository's name")]
    [InlineData("img://-bad-.example/app", "no registry's host")]
    [InlineData("img://docker.io/app?plain-http=true", "does not speak plain HTTP")]
    [InlineData("img://ghcr.io/app?plain-http=perhaps", "no value of 'plain-http'")]
    [InlineData("img://ghcr.io/app?platform=toaster", "is not a platform")]
    [InlineData("img://ghcr.io/app?artifact=x", "no parameter 'artifact'")]
    public void Parse_NoImagesThere_SaysWhy(string url, string why)
    {
        var failure = Assert.Throws<DewyException>(() => RegistryAddress.Parse(url));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
        Assert.NotNull(failure.NextStep);
    }

    [Fact]
    public void Parse_DockerHubWithoutItsHost_TellsTheFullName()
    {
        // An engine would take "acme/app" for Docker Hub's, the agent for a host's "acme".
        var failure = Assert.Throws<DewyException>(() => RegistryAddress.Parse("img://acme/app"));

        Assert.Contains("img://docker.io/acme/app", failure.NextStep, StringComparison.Ordinal);
    }
}

using Dewy.Engine.Registries;
using Xunit;

namespace Dewy.Engine.Tests.Registries;

public sealed class ArtifactFormTests
{
    [Theory]
    [InlineData("ghr://acme/app/tag/v1.0.0/app.zip", "ghr://acme/app v1.0.0 app.zip")]
    [InlineData("ghr://acme/app/tag/cli/v1.0.0/app.zip", "ghr://acme/app cli/v1.0.0 app.zip")]
    [InlineData("ghr://acme/app/releases/v1.0.0/app.zip", null)]
    [InlineData("ghr://acme/app/tag/v1.0.0", null)]
    [InlineData("ghr://acme/app/tag/v1.0.0/", null)]
    [InlineData("ghr://acme/app", null)]
    [InlineData("s3://eu-west-1/bucket/team/app/v1.0.0/app.zip", "s3://eu-west-1/bucket/team/app v1.0.0 app.zip")]
    [InlineData("s3://eu-west-1/bucket/v1.0.0/app.zip", "s3://eu-west-1/bucket v1.0.0 app.zip")]
    [InlineData("s3://eu-west-1/bucket/app.zip", null)]
    [InlineData("s3:///bucket/v1.0.0/app.zip", null)]
    [InlineData("gs://bucket/team/v1.0.0/app%20x.zip", "gs://bucket/team v1.0.0 app x.zip")]
    [InlineData("gs://bucket/v1.0.0/app.zip", "gs://bucket v1.0.0 app.zip")]
    [InlineData("gs://bucket/app.zip", null)]
    [InlineData("img://localhost:5000/acme/app:v1.0.0", "img://localhost:5000/acme/app v1.0.0 ")]
    [InlineData("img://localhost:5000/acme/app", null)]
    [InlineData("img://ghcr.io/acme/app@sha256:00", null)]
    public void Locate_Url_IsRegistryTagAndFile(string url, string? place)
    {
        var address = RegistryAddressReader.Read(url);
        var form = address.Scheme switch
        {
            "ghr" => ArtifactForm.GitHub,
            "s3" => ArtifactForm.S3,
            "gs" => ArtifactForm.GoogleCloudStorage,
            _ => ArtifactForm.Image,
        };

        Assert.Equal(place, form.Locate(address) is { } found ? $"{found.Registry.DisplayName} {found.Tag} {found.Name}" : null);
    }
}

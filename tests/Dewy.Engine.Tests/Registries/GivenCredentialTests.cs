using Amazon.Runtime;
using Dewy.Engine.Diagnostics;
using Dewy.Engine.Registries;
using Dewy.Engine.Registries.GitHub;
using Dewy.Engine.Registries.Oci;
using Dewy.Engine.Registries.Oci.Credentials;
using Dewy.Engine.Registries.S3;
using Xunit;

namespace Dewy.Engine.Tests.Registries;

/// <summary>Credentials given by hand go before the environment's, to registries that can make use of them.</summary>
public sealed class GivenCredentialTests
{
    private const string Secret = "c4n4ry-of-a-secret";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("file:///registry", null, false)]
    [InlineData("file:///registry", "rita", false)]
    [InlineData("grpc://localhost:5000", null, false)]
    [InlineData("ghr://owner/app", null, true)]
    [InlineData("ghr://owner/app", "rita", false)]
    [InlineData("s3://eu-west-1/bucket/app", null, false)]
    [InlineData("s3://eu-west-1/bucket/app", "AKIA", true)]
    [InlineData("gs://bucket/app", null, true)]
    [InlineData("gs://bucket/app", "rita", false)]
    [InlineData("img://localhost:5000/app", null, true)]
    [InlineData("img://localhost:5000/app", "rita", true)]
    public async Task Create_WithCredential_IsRefusedWhereItIsOfNoUse(string registry, string? user, bool isTaken)
    {
        Task CreateAsync() => RegistryCatalog.BuiltIn.Create(RegistryAddress.Parse(registry), Services(user)).DisposeAsync().AsTask();

        if (isTaken)
        {
            await CreateAsync();
            return;
        }

        var error = await Assert.ThrowsAsync<DewyException>(CreateAsync);
        Assert.Equal((ErrorCode.InvalidOption, "-Token"), (error.Code, error.Target));
        Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GitHub_TokenGiven_GoesBeforeTheEnvironments()
    {
        var services = Services(user: null, ("GITHUB_APP_ID", "1"), ("GH_TOKEN", "of-the-environment"));

        using var credentials = GitHubCredentials.Read(services, new Uri("https://api.github.com/"));

        Assert.Equal($"Bearer {Secret}", (await credentials.GetAsync(Token))?.ToString());
        Assert.Equal("***", services.Redactor.Redact(Secret));
    }

    [Fact]
    public async Task S3_KeysGiven_GoBeforeTheEnvironments()
    {
        var keys = await Assert.IsType<BasicAWSCredentials>(S3Credentials.Find(Services("AKIA", ("AWS_ACCESS_KEY_ID", "other"), ("AWS_SECRET_ACCESS_KEY", "other")))).GetCredentialsAsync();

        Assert.Equal(("AKIA", Secret), (keys.AccessKey, keys.SecretKey));
    }

    [Theory]
    [InlineData("registry.example/app", "rita", "rita", false)]
    [InlineData("ghcr.io/owner/app", null, "dewy", false)]
    [InlineData("gcr.io/project/app", null, "oauth2accesstoken", false)]
    [InlineData("registry.example/app", null, "", true)]
    public async Task Image_Given_GoesBeforeTheEnvironmentsInTheRegistrysForm(string image, string? user, string shown, bool isIdentityToken)
    {
        var services = Services(user, ("DOCKER_USERNAME", "other"), ("DOCKER_PASSWORD", "other"));

        var found = await new RegistryCredentials(services).FindAsync(ImageRepository.From(RegistryAddress.Parse($"img://{image}")), Token);

        Assert.Equal((shown, Secret, isIdentityToken), (found?.User, found?.Secret, found?.IsIdentityToken));
    }

    private static RegistryServices Services(string? user, params (string Name, string Value)[] variables)
    {
        var redactor = new SecretRedactor();
        redactor.Add(Secret); // as whoever opens an application does
        return new RegistryServices
        {
            TimeProvider = TimeProvider.System,
            Environment = variables.ToDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal),
            Credential = new GivenCredential { User = user, Secret = Secret, Origin = "-Token" },
            Redactor = redactor,
        };
    }
}

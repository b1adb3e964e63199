using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Tests;
using Dewy.Tests.GoogleCloud;
using Dewy.Tests.S3;
using Xunit;

namespace Dewy.EndToEnd.Tests.Registries;

/// <summary>The real <c>dewy</c> on a machine of a cloud, which has no credentials in its configuration.</summary>
public sealed class CloudCredentialTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly MetadataServer _metadata = new();

    public async ValueTask InitializeAsync() => await _metadata.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _metadata.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public Task Releases_InAContainerOfAws_AsksItsEndpoint() => ListS3Async(
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", new Uri(_metadata.Address, "container").AbsoluteUri),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN", _metadata.ContainerToken));

    [Fact]
    public Task Releases_OnAnInstanceOfEc2_AsksItsMetadataService() => ListS3Async(("AWS_EC2_METADATA_SERVICE_ENDPOINT", _metadata.Address.GetLeftPart(UriPartial.Authority)));

    [Fact]
    public async Task Releases_OnAMachineOfGoogle_AsksItsMetadataServer()
    {
        await using var bucket = new GcsServer("bucket-of-tests", TimeProvider.System) { Token = _metadata.AccessToken };
        await bucket.StartAsync();
        bucket.Put("app/v1.0.0/app.zip", [1, 2, 3], DateTimeOffset.UtcNow.AddHours(-1));

        var output = await RunAsync(
            $"gs://bucket-of-tests/app?endpoint={Uri.EscapeDataString(bucket.Address.AbsoluteUri)}&artifact=app.zip",
            ("GCE_METADATA_HOST", _metadata.Address.Authority));

        Assert.Contains("v1.0.0", output, StringComparison.Ordinal);
    }

    private async Task ListS3Async(params (string Name, string Value)[] variables)
    {
        await using var bucket = new ListedBucket { KeyId = _metadata.KeyId, SessionToken = _metadata.SessionToken };
        await bucket.StartAsync();
        bucket.Put("app/v1.0.0/app.zip", 3, DateTimeOffset.UtcNow.AddHours(-1));

        var output = await RunAsync($"{bucket.RegistryUrl}&artifact=app.zip", variables);

        Assert.Contains("v1.0.0", output, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(string url, params (string Name, string Value)[] variables)
    {
        // Nothing of the machine the tests run on may be found first.
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = _directory.Path, ["AWS_CONFIG_FILE"] = _directory.Combine("none"), ["AWS_SHARED_CREDENTIALS_FILE"] = _directory.Combine("none") };
        foreach (var name in new[] { "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "GOOGLE_APPLICATION_CREDENTIALS" })
            environment[name] = "";
        foreach (var (name, value) in variables)
            environment[name] = value;
        await using var dewy = AgentProcess.StartCommand(_directory.Path, environment, "releases", url);

        Assert.True(await dewy.ExitedAsync() == 0, $"{dewy.Output}\nThe metadata server was asked for {string.Join(", ", _metadata.Requests)}");
        Assert.NotEmpty(_metadata.Requests);
        Assert.All(_metadata.Secrets, secret => Assert.DoesNotContain(secret, dewy.Output, StringComparison.Ordinal));
        return dewy.Output;
    }
}

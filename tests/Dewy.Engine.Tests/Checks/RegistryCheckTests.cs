using Dewy.Engine.Tests.Registries.Oci;
using Dewy.Tests.GitHub;
using Dewy.Tests.GoogleCloud;
using Dewy.Tests.S3;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Checks;

public sealed class RegistryCheckTests(S3Rver s3) : IDisposable
{
    private readonly CheckedHost _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Check_Folder_TellsTheNewestReleaseAndItsArtifact()
    {
        _host.Publish("v1.2.0");

        Assert.Contains("v1.2.0", (await _host.CheckOneAsync("release")).Message, StringComparison.Ordinal);
        Assert.Contains("app_linux_amd64 for linux/amd64", (await _host.CheckOneAsync("release")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_NoSuchFolder_FailsAndSaysNothingOfReleases()
    {
        var checks = await _host.CheckAsync(("registry", "file:///no/such/folder"));

        Assert.Equal((CheckResult.Failed, ErrorCode.RegistryNotFound, ExitCode.Registry), checks.Where(check => check.Name == "registry").Select(check => (check.Result, check.Code, check.ExitCode)).Single());
        Assert.Equal(CheckResult.Skipped, checks.Single(check => check.Name == "release").Result);
    }

    [Fact]
    public async Task Check_NothingForThisHost_FailsWhereTheGracePeriodIsOver()
    {
        _host.Publish("v2.0.0", "app_windows_arm64.exe");

        var missing = await _host.CheckOneAsync("release", ("grace-period", "0"));
        var awaited = await _host.CheckOneAsync("release", ("grace-period", "1h"));

        Assert.Equal((CheckResult.Failed, ErrorCode.ArtifactNotFound), (missing.Result, missing.Code));
        Assert.Equal(CheckResult.Warning, awaited.Result);
        Assert.Equal(CheckResult.Passed, (await _host.CheckOneAsync("registry")).Result);
    }

    [Fact]
    public async Task Check_NothingMatches_Fails()
    {
        var check = await _host.CheckOneAsync("release", ("slot", "blue"));

        Assert.Equal((CheckResult.Failed, ErrorCode.NoMatchingVersion), (check.Result, check.Code));
    }

    [Fact]
    public async Task Check_GitHub_NamesTheCredentialsAndOnlyReads()
    {
        await using var github = new GitHubServer { Token = "ghp_canarycanary" };
        await github.OpenAsync();
        github.Publish("v1.0.0", DateTimeOffset.UtcNow.AddHours(-1), ("app_linux_amd64", "#!/bin/sh\n"u8.ToArray()));
        _host.Environment["GITHUB_API_URL"] = github.ApiUrl;
        _host.Environment["GH_TOKEN"] = "ghp_canarycanary";

        var checks = await _host.CheckAsync(("registry", $"ghr://{github.Owner}/{github.Repository}"));

        var registry = checks.Single(check => check.Name == "registry");
        Assert.Equal((CheckResult.Passed, "It answers; credentials: GH_TOKEN."), (registry.Result, registry.Message));
        Assert.DoesNotContain("canary", string.Concat(checks), StringComparison.Ordinal);
        Assert.All(github.Requests, request => Assert.Equal("GET", request.Method));
    }

    [Theory]
    [InlineData(0, CheckResult.Passed)]
    [InlineData(10, CheckResult.Warning)]
    [InlineData(-10, CheckResult.Warning)]
    public async Task Check_Clock_IsComparedWithTheRegistrys(int minutes, CheckResult expected)
    {
        await using var github = new GitHubServer();
        await github.OpenAsync();
        github.Publish("v1.0.0", DateTimeOffset.UtcNow.AddHours(-1), ("app_linux_amd64", "#!/bin/sh\n"u8.ToArray()));
        using var host = new CheckedHost { Time = new FakeTimeProvider(DateTimeOffset.UtcNow.AddMinutes(minutes)) };
        host.Environment["GITHUB_API_URL"] = github.ApiUrl;

        var check = await host.CheckOneAsync("clock", ("registry", $"ghr://{github.Owner}/{github.Repository}"));

        Assert.Equal(expected, check.Result);
        if (minutes != 0)
            Assert.Contains(minutes > 0 ? "ahead of" : "behind", check.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_RealBuckets_AreListedAndNothingIsWritten()
    {
        var bucket = s3.CreateBucket();
        await using var front = new S3Front(s3, bucket);
        await front.OpenAsync();
        await s3.PutAsync(bucket, "releases/v1.0.0/app_linux_amd64", [.. "#!/bin/sh\n"u8], DateTimeOffset.UtcNow.AddHours(-1));
        await s3.PutAsync(bucket, "cache/v1.0.0--app_linux_amd64", [1], DateTimeOffset.UtcNow.AddHours(-1));
        Use(S3Rver.Credentials, front.Address);
        var (keys, tree) = (s3.Keys(bucket), _host.Snapshot());

        var checks = await _host.CheckAsync(("registry", $"s3://eu-west-1/{bucket}/releases"), ("cache", $"s3://eu-west-1/{bucket}/cache?registry-ttl=10m"));

        Assert.Contains("AWS_ACCESS_KEY_ID", checks.Single(check => check.Name == "registry").Message, StringComparison.Ordinal);
        Assert.Contains("v1.0.0", checks.Single(check => check.Name == "release").Message, StringComparison.Ordinal);
        Assert.Equal([CheckResult.Passed, CheckResult.Passed], checks.Where(check => check.Name == "cache").Select(check => check.Result));
        Assert.All(front.Requests, request => Assert.Contains(request.Method, (string[])["GET", "HEAD"]));
        Assert.Equal(keys, s3.Keys(bucket));
        Assert.Equal(tree, _host.Snapshot());
    }

    [Fact]
    public async Task Check_CacheBucketIsMissing_Fails()
    {
        Use(S3Rver.Credentials, await s3.AddressAsync());

        var check = (await _host.CheckAsync(("cache", "s3://eu-west-1/no-such-bucket/cache"))).First(check => check.Name == "cache");

        Assert.Equal((CheckResult.Failed, ErrorCode.RegistryNotFound), (check.Result, check.Code));
        Assert.Contains("no-such-bucket", check.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_WrongKeys_FailAsUnauthorized()
    {
        await using var bucket = new ListedBucket { KeyId = "RIGHT" };
        await bucket.StartAsync();
        _host.Environment["AWS_ACCESS_KEY_ID"] = "WRONG";
        _host.Environment["AWS_SECRET_ACCESS_KEY"] = "secretsecret";

        var check = await _host.CheckOneAsync("registry", ("registry", bucket.RegistryUrl));

        Assert.Equal((CheckResult.Failed, ErrorCode.RegistryUnauthorized), (check.Result, check.Code));
    }

    /// <summary>An application's own profile, which the SDK would not see: it is in no variable of the process.</summary>
    [Fact]
    public async Task Check_ProfileOfTheApplication_IsUsed()
    {
        await using var bucket = new ListedBucket { KeyId = "OPSKEY" };
        await bucket.StartAsync();
        bucket.Put("app/v1.0.0/app_linux_amd64", 3, DateTimeOffset.UtcNow.AddHours(-1));
        var credentials = _host.Write("aws", "[ops]\naws_access_key_id = OPSKEY\naws_secret_access_key = secretsecret\n");
        var file = _host.Write("dewy.json", $$"""{"registry": "{{bucket.RegistryUrl}}", "root": "{{_host.Root}}", "environment": {"AWS_PROFILE": "ops", "AWS_SHARED_CREDENTIALS_FILE": "{{credentials}}"} }""");

        var check = Assert.Single(await _host.CheckAsync(new OptionSet { BaseDirectory = _host.Path }.Add("config", file)), check => check.Name == "registry");

        Assert.Equal((CheckResult.Passed, "It answers; credentials: AWS profile ops."), (check.Result, check.Message));
    }

    [Fact]
    public async Task Check_GoogleBucketWithToken_NamesIt()
    {
        await using var bucket = new GcsServer("bucket-of-tests", TimeProvider.System) { Token = "canarytoken" };
        await bucket.StartAsync();
        bucket.Put("app/v1.0.0/app_linux_amd64", [1], DateTimeOffset.UtcNow.AddHours(-1));
        var options = _host.Options(("registry", $"gs://bucket-of-tests/app?endpoint={Uri.EscapeDataString(bucket.Address.AbsoluteUri)}"));
        options.Credential = new GivenCredential { Secret = "canarytoken", Origin = "-Token" };

        var check = Assert.Single(await _host.CheckAsync(options), check => check.Name == "registry");

        Assert.Equal((CheckResult.Passed, "It answers; credentials: -Token."), (check.Result, check.Message));
    }

    [Theory]
    [InlineData(DockerRegistry.Password, CheckResult.Passed)]
    [InlineData("wrong", CheckResult.Failed)]
    public async Task Check_RealImageRegistryWithPassword_TriesTheCredentials(string password, CheckResult expected)
    {
        await using var registry = new DockerRegistry();
        await registry.StartAsync(withPassword: true, Token);
        await registry.PushAsync("acme/app", "v1.0.0", TestImage.Of(), Token);
        _host.Environment["DOCKER_USERNAME"] = DockerRegistry.User;
        _host.Environment["DOCKER_PASSWORD"] = password;

        var check = await _host.CheckOneAsync("registry", ("registry", $"img://{registry.Authority}/acme/app"), ("port", "0"));

        Assert.Equal(expected, check.Result);
        Assert.Contains(expected == CheckResult.Passed ? "credentials: DOCKER_USERNAME and DOCKER_PASSWORD" : "", check.Message, StringComparison.Ordinal);
        Assert.Equal(expected == CheckResult.Passed ? null : ErrorCode.RegistryUnauthorized, check.Code);
    }

    private void Use(IReadOnlyDictionary<string, string> credentials, Uri endpoint)
    {
        foreach (var (name, value) in credentials)
            _host.Environment[name] = value;
        _host.Environment["AWS_ENDPOINT_URL"] = endpoint.AbsoluteUri;
    }
}

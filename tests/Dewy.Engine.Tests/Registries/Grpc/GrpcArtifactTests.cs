using Dewy.Engine.Registries;
using Dewy.Tests;
using Dewy.Tests.GitHub;
using Dewy.Tests.GoogleCloud;
using Dewy.Tests.Http;
using Xunit;

namespace Dewy.Engine.Tests.Registries.Grpc;

/// <summary>What a gRPC registry may name as the place of a file, and how it is opened.</summary>
public sealed class GrpcArtifactTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("file:///etc/shadow", "this host's own disk")]
    [InlineData("ftp://example.test/app.zip", "'ftp'")]
    [InlineData("grpc://example.test:443", "'grpc'")]
    [InlineData("/srv/app.zip", "is none")]
    [InlineData("https://user:hunter2@example.test/app.zip", "credentials")]
    [InlineData("https://example.test/releases/", "no file name")]
    [InlineData("https://example.test/a%2Fb", "no file name")]
    [InlineData("https://example.test/..%5Capp.zip", "no file name")]
    [InlineData("https:///app.zip", "no web address")]
    [InlineData("img://ghcr.io/acme/app:v1?plain-http=true", "parameters (plain-http)")]
    [InlineData("img://ghcr.io/acme/app", "img://<host[:port]>/<repository>:<tag>")]
    public async Task Find_UrlCannotBeOpened_SaysWhy(string url, string why)
    {
        await using var registry = await new GrpcRegistry().StartAsync();
        registry.Service.Publish("v1.0.0", url);

        var failure = await Assert.ThrowsAsync<DewyException>(() => registry.Finder().FindNewestAsync(Token));

        Assert.Equal(ErrorCode.RegistryMalformed, failure.Code);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/app.zip")]
    [InlineData("http://[fe80::1]/app.zip")]
    [InlineData("http://[::ffff:169.254.169.254]/app.zip")]
    [InlineData("http://168.63.129.16/app.zip")]
    public async Task Find_UrlOfTheCloudsOwnServices_IsRefused(string url)
    {
        await using var registry = await new GrpcRegistry().StartAsync();
        registry.Service.Publish("v1.0.0", url);

        var failure = await Assert.ThrowsAsync<DewyException>(() => registry.Finder().FindNewestAsync(Token));

        Assert.Equal(ErrorCode.RegistryMalformed, failure.Code);
        Assert.Contains("inside this host's network", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_RedirectToTheCloudsOwnServices_IsRefused()
    {
        await using var registry = await new GrpcRegistry().StartAsync();
        registry.Publish("v1.0.0");
        var (source, finder) = registry.Open();
        var asset = (await finder.FindNewestAsync(Token)).Asset ?? throw new InvalidOperationException("No artifact.");
        registry.Files.Add(Fault.RedirectTo(new Uri("http://169.254.169.254/latest/app.zip")));

        var failure = await Assert.ThrowsAsync<DewyException>(() => source.OpenAsync(asset, 0, null, Token));

        Assert.Equal(ErrorCode.RegistryMalformed, failure.Code);
        Assert.Contains("inside this host's network", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_SignedUrl_UsesTheNewestSignatureAndShowsNone()
    {
        await using var registry = await new GrpcRegistry().StartAsync();
        registry.Publish("v1.0.0", query: "?sig=first-signature");
        var (source, finder) = registry.Open();
        await finder.FindNewestAsync(Token);
        registry.Publish("v1.0.0", query: "?sig=second-signature");

        var finding = await finder.FindNewestAsync(Token);
        var asset = finding.Asset ?? throw new InvalidOperationException("No artifact.");
        await (await source.OpenAsync(asset, 0, null, Token)).DisposeAsync();
        registry.Files.Add(new Fault.Answer(403));
        var failure = await Assert.ThrowsAsync<DewyException>(() => source.OpenAsync(asset, 0, null, Token));

        Assert.Equal(PollOutcome.Unchanged, finding.Outcome);
        Assert.Equal("?sig=second-signature", Assert.Single(registry.Files.Requests.Take(1)).Query);
        Assert.Equal(ErrorCode.RegistryUnauthorized, failure.Code);
        Assert.DoesNotContain("signature", $"{failure}{failure.Target}{asset.Location}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_ChecksumBesideTheFile_IsListed()
    {
        await using var registry = await new GrpcRegistry().StartAsync();
        registry.Publish("v1.0.0", "app.tar.gz");
        registry.Files.Put("/v1.0.0/app.tar.gz.sha256", [1]);

        var finding = await registry.Finder().FindNewestAsync(Token);

        Assert.Equal(["app.tar.gz", "app.tar.gz.sha256"], finding.Assets.Select(asset => asset.Name));
        Assert.Equal("app.tar.gz", finding.Asset?.Name);
    }

    [Fact]
    public async Task Find_ServerSendsItsPageForEveryName_ListsNoChecksums()
    {
        await using var registry = await new GrpcRegistry().StartAsync();
        registry.Publish("v1.0.0");
        registry.Files.Add(Fault.Page with { When = request => request.Method == "HEAD" });

        var finding = await registry.Finder().FindNewestAsync(Token);

        Assert.Single(finding.Assets);
    }

    [Fact]
    public async Task Find_ServerCannotSayWhatLiesBesideTheFile_TakesNothingForAbsentAndAsksAgain()
    {
        await using var registry = await new GrpcRegistry().StartAsync();
        registry.Publish("v1.0.0", "app.tar.gz");
        registry.Files.Add(Fault.ServerError with { When = request => request.Path.Value!.EndsWith(".sha256", StringComparison.Ordinal) }); // a request has a path
        var finder = registry.Finder();

        var during = await finder.FindNewestAsync(Token);
        registry.Files.Heal();
        var after = await finder.FindNewestAsync(Token);

        Assert.Contains(during.Assets, asset => asset.Name == "app.tar.gz.sha256");
        Assert.DoesNotContain(after.Assets, asset => asset.Name == "app.tar.gz.sha256");
    }

    [Fact]
    public async Task Open_FileIsGone_IsArtifactNotFound()
    {
        await using var registry = await new GrpcRegistry().StartAsync();
        registry.Service.Publish("v1.0.0", registry.FileUrl("nothing-here.zip"));
        var (source, finder) = registry.Open();
        var asset = (await finder.FindNewestAsync(Token)).Asset ?? throw new InvalidOperationException("No artifact.");

        var failure = await Assert.ThrowsAsync<DewyException>(() => source.OpenAsync(asset, 0, null, Token));

        Assert.Equal((ErrorCode.ArtifactNotFound, "fetch"), (failure.Code, failure.Phase));
        Assert.Contains("grpc://", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_FileOfAGitHubRelease_ComesWithThisHostsTokenAndGitHubsDigest()
    {
        await using var github = new GitHubServer { Token = $"ghp_{Canary.Mark}" };
        await github.OpenAsync();
        await using var registry = await new GrpcRegistry
        {
            Environment = new Dictionary<string, string> { ["GITHUB_API_URL"] = github.ApiUrl, ["GH_TOKEN"] = $"ghp_{Canary.Mark}" },
        }.StartAsync();
        github.Publish("v1.0.0", registry.Now.AddDays(-1), ("app_linux_amd64.tar.gz", "archive"u8.ToArray()), ("app_linux_arm64.tar.gz", "other"u8.ToArray()));
        registry.Service.Publish("v1.0.0", "ghr://acme/app/tag/v1.0.0/app_linux_arm64.tar.gz", registry.Now);
        var (source, finder) = registry.Open();

        var finding = await finder.FindNewestAsync(Token);

        Assert.Equal("app_linux_arm64.tar.gz", finding.Asset?.Name);
        Assert.Equal("other", await ReadAsync(source, finding));
        Assert.Equal("sha256", finding.Release.Artifact?.Digest?.Algorithm);
    }

    [Fact]
    public async Task Open_ObjectOfABucket_ComesWithThisHostsCredentials()
    {
        await using var registry = await new GrpcRegistry().StartAsync();
        await using var bucket = new GcsServer("releases", registry.Time);
        await bucket.StartAsync();
        bucket.Put("team/app/v1.0.0/app.tar.gz", "archive"u8.ToArray(), registry.Now);
        await using var asking = await new GrpcRegistry { Environment = new Dictionary<string, string> { ["STORAGE_EMULATOR_HOST"] = bucket.Address.AbsoluteUri } }.StartAsync();
        asking.Service.Publish("v1.0.0", "gs://releases/team/app/v1.0.0/app.tar.gz", registry.Now);
        var (source, finder) = asking.Open();

        var finding = await finder.FindNewestAsync(Token);

        Assert.Equal("archive", await ReadAsync(source, finding));
    }

    [Fact]
    public async Task Find_EndpointInTheUrl_IsRefused()
    {
        await using var registry = await new GrpcRegistry().StartAsync();
        registry.Service.Publish("v1.0.0", "s3://eu-west-1/bucket/v1.0.0/app.zip?endpoint=https://thief.example.test");

        var failure = await Assert.ThrowsAsync<DewyException>(() => registry.Finder().FindNewestAsync(Token));

        Assert.Equal(ErrorCode.RegistryMalformed, failure.Code);
        Assert.Contains("parameters (endpoint)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_UrlOfAnotherRegistry_ListsThatReleaseWithAllThatVouchesForTheFile()
    {
        var other = new ListedReleaseSource();
        other.Add("release/v1.0.0", "app_linux_amd64.tar.gz", "app_windows_amd64.zip", "checksums.txt");
        RegistryAddress? asked = null;
        var scheme = new RegistryScheme
        {
            Name = "ghr",
            Form = "ghr://<owner>/<repo>",
            Parameters = [],
            Artifact = ArtifactForm.GitHub,
            Create = (address, _) =>
            {
                asked = address;
                return other;
            },
        };
        await using var registry = await new GrpcRegistry { Catalog = new RegistryCatalog(scheme) }.StartAsync();
        registry.Service.Publish("v1.0.0", "ghr://acme/app/tag/release/v1.0.0/app_windows_amd64.zip", registry.Now);
        var finder = registry.Finder();

        var finding = await finder.FindNewestAsync(Token);
        await finder.FindNewestAsync(Token);

        Assert.Equal("app_windows_amd64.zip", finding.Asset?.Name);
        Assert.Contains(finding.Assets, asset => asset.Name == "checksums.txt");
        Assert.Equal(("acme", "app", "ghr://acme/app"), (asked?.Authority, asked?.Path, asked?.DisplayName));
        Assert.Equal(["release/v1.0.0"], other.AskedForAssetsOf);
    }

    [Fact]
    public async Task Find_OtherRegistryDoesNotHaveTheFileYet_IsForgivenAndAskedAgain()
    {
        var other = new ListedReleaseSource();
        var release = other.Add("v1.0.0");
        var scheme = new RegistryScheme { Name = "ghr", Form = "ghr://", Parameters = [], Artifact = ArtifactForm.GitHub, Create = (_, _) => other };
        await using var registry = await new GrpcRegistry { Catalog = new RegistryCatalog(scheme) }.StartAsync();
        registry.Service.Publish("v1.0.0", "ghr://acme/app/tag/v1.0.0/app.zip", registry.Now);
        var finder = registry.Finder();

        var before = await finder.FindNewestAsync(Token);
        other.Replace(release with { Assets = [new() { Name = "app.zip", Location = new Uri("https://example.test/app.zip") }] });
        var after = await finder.FindNewestAsync(Token);

        Assert.True(before.WithinGrace(TimeSpan.FromMinutes(30)));
        Assert.Contains("ghr://acme/app/tag/v1.0.0/app.zip", before.MissingBecause, StringComparison.Ordinal);
        Assert.Equal("app.zip", after.Asset?.Name);
    }
    private static async Task<string> ReadAsync(IReleaseSource source, ReleaseFinding finding)
    {
        await using var content = await source.OpenAsync(finding.Asset ?? throw new InvalidOperationException("No artifact."), 0, null, Token);
        using var reader = new StreamReader(content.Stream);
        return await reader.ReadToEndAsync(Token);
    }
}

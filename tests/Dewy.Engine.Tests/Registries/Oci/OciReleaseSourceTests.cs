using System.Net;
using System.Net.Sockets;
using Dewy.Engine.Agent;
using Dewy.Engine.Registries.Oci;
using Dewy.Tests.Http;
using Xunit;

namespace Dewy.Engine.Tests.Registries.Oci;

public sealed class OciReleaseSourceTests : OciTest
{
    [Fact]
    public async Task Find_Image_IsItsReferenceByDigest()
    {
        var image = TestImage.Of(created: Time.GetUtcNow().AddHours(-3));
        Server.Push("v1.2.3", image);

        var release = (await FindAsync()).Release;

        var reference = $"{Server.Authority}/acme/app";
        Assert.Equal($"{reference}@{image.Digest}", release.Artifact?.Image);
        Assert.Equal($"{reference}:v1.2.3", release.Artifact?.Name);
        Assert.Equal($"{reference}:v1.2.3", release.CacheKey);
        Assert.Equal(image.Digest, release.Artifact?.Digest?.ToString());
        Assert.Equal(TestImage.Layer.Length, release.Artifact?.Size);
        Assert.Equal(Time.GetUtcNow().AddHours(-3), release.CreatedAt);
    }

    [Fact]
    public async Task Find_TagMoved_IsANewRelease()
    {
        var first = TestImage.Of(marker: "first");
        Server.Push("v1.0.0", first);
        var finder = Finder();
        var live = Live((await finder.FindNewestAsync(Token)).Release);
        var second = TestImage.Of(marker: "second");
        Server.Push("v1.0.0", second);

        var moved = await finder.FindNewestAsync(Token);

        Assert.Equal(PollOutcome.Changed, moved.Outcome);
        Assert.Equal(second.Digest, moved.Release.Artifact?.Digest?.ToString());
        Assert.False(Planner.IsLive(moved.Release, live));
        Assert.True(Planner.IsLive(moved.Release, Live(moved.Release)));
    }

    [Fact]
    public async Task Find_NothingNew_AsksForTheTagsAndForWhereTheNewestPoints()
    {
        Server.Push("v1.0.0", TestImage.Of());
        Server.Push("v1.1.0", TestImage.Index([("linux/amd64", TestImage.Of(marker: "index"))]));
        var finder = Finder();
        var first = await finder.FindNewestAsync(Token);

        var calls = await CallsAsync(async () => Assert.Equal(first.Release, (await finder.FindNewestAsync(Token)).Release));

        Assert.Equal(["GET tags/list", "HEAD manifests/v1.1.0"], calls);
    }

    [Fact]
    public async Task Find_EntityTagOfTheTags_IsSentBackAndHonoured()
    {
        Server.GivesEntityTags = true;
        Server.LargestPage = 2;
        foreach (var tag in new[] { "v1.0.0", "v1.1.0", "v1.2.0" })
            Server.Push(tag, TestImage.Of());
        var finder = Finder();
        await finder.FindNewestAsync(Token);
        Server.Forget();

        Assert.Equal("v1.2.0", (await finder.FindNewestAsync(Token)).Release.Tag);
        Assert.All(Server.Calls.Where(call => call.Method is "GET"), call => Assert.NotNull(call.Header("If-None-Match")));
        Assert.Equal(3, Server.Calls.Count());
        Server.Push("v1.3.0", TestImage.Of());
        Assert.Equal("v1.3.0", (await finder.FindNewestAsync(Token)).Release.Tag);
    }

    [Fact]
    public async Task Find_Manifest_AcceptsAllFourKinds()
    {
        Server.Push("v1.0.0", TestImage.Of());

        await FindAsync();

        var accepted = Assert.Single(Server.Calls, call => call.Method is "HEAD").Header("Accept") ?? "";
        Assert.All([TestImage.OciManifest, TestImage.OciIndex, TestImage.DockerManifest, TestImage.DockerList], type => Assert.Contains(type, accepted, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Find_Index_IsTheIndexWhereItHasThePlatform(bool docker)
    {
        var created = Time.GetUtcNow().AddDays(-1);
        var index = TestImage.Index(docker, [("linux/arm64", TestImage.Of("linux/arm64", docker: docker)), ("linux/amd64", TestImage.Of(created: created, docker: docker))]);
        Server.Push("v1.0.0", index);

        var release = (await FindAsync()).Release;

        Assert.Equal(index.Digest, release.Artifact?.Digest?.ToString());
        Assert.Equal(created, release.CreatedAt);
    }

    [Fact]
    public async Task Find_IndexWithoutThePlatform_IsAMissingArtifactWithinTheGracePeriod()
    {
        Server.Push("v1.0.0", TestImage.Index([("linux/arm64", TestImage.Of("linux/arm64", Time.GetUtcNow().AddMinutes(-5))), ("unknown/unknown", TestImage.Of(marker: "attestation"))]));
        var finder = Finder();

        var finding = await finder.FindNewestAsync(Token);

        Assert.Null(finding.Release.Artifact);
        Assert.Equal($"{Server.Authority}/acme/app:v1.0.0 is not built for linux/amd64, but for linux/arm64.", finding.MissingBecause);
        Assert.True(finding.WithinGrace(TimeSpan.FromMinutes(30)));
        Assert.Equal(ErrorCode.ArtifactNotFound, finding.ToException().Code);
        Assert.Contains("platform=", finding.ToException().NextStep, StringComparison.Ordinal);
        Server.Push("v1.0.0", TestImage.Index([("linux/amd64", TestImage.Of())]));
        Assert.Null((await finder.FindNewestAsync(Token)).MissingBecause);
    }

    [Fact]
    public async Task Find_PlatformParameter_BeatsTheHosts()
    {
        Server.Push("v1.0.0", TestImage.Index([("linux/arm/v6", TestImage.Of("linux/arm/v6"))]));

        Assert.Null((await FindAsync("platform=linux/arm/v7")).MissingBecause);
        Assert.NotNull((await FindAsync()).MissingBecause);
    }

    [Fact]
    public async Task Find_ImageOfAnotherPlatform_IsMissing()
    {
        Server.Push("v1.0.0", TestImage.Of("windows/amd64"));

        Assert.EndsWith("is not built for linux/amd64, but for windows/amd64.", (await FindAsync()).MissingBecause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_NoImageAtAll_IsMissing()
    {
        Server.Push("v1.0.0", TestImage.Of(configType: "application/vnd.cncf.helm.config.v1+json"));

        Assert.EndsWith("is no image, but of the type 'application/vnd.cncf.helm.config.v1+json'.", (await FindAsync()).MissingBecause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_PlatformOfTheIndexNotPushedYet_IsMissing()
    {
        var image = TestImage.Of();
        Server.Push("v1.0.0", TestImage.Index([("linux/amd64", image)]));
        Server.Delete(image.Digest);

        Assert.Contains("that the registry does not have", (await FindAsync()).MissingBecause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_ReproducibleBuild_HasNoAge()
    {
        Server.Push("v1.0.0", TestImage.Of(created: DateTimeOffset.UnixEpoch));

        var finding = await FindAsync();

        Assert.Null(finding.Release.CreatedAt);
        Assert.Null(finding.MissingBecause);
    }

    [Fact]
    public async Task Find_ConfigurationOutOfReach_IsFoundWithoutItsAge()
    {
        Server.Push("v1.0.0", TestImage.Of(created: Time.GetUtcNow()));
        Server.Add(new Fault.Answer(403) { When = request => request.Path.Value?.Contains("/blobs/", StringComparison.Ordinal) ?? false });

        var finding = await FindAsync();

        Assert.Null(finding.Release.CreatedAt);
        Assert.NotNull(finding.Release.Artifact);
    }

    [Fact]
    public async Task Find_NoDigestInTheHeader_IsComputedFromTheManifest()
    {
        Server.StatesDigests = false;
        var image = TestImage.Of();
        Server.Push("v1.0.0", image);

        Assert.Equal(image.Digest, (await FindAsync()).Release.Artifact?.Digest?.ToString());
    }

    [Fact]
    public async Task Find_HeadNotAllowed_AsksWithGet()
    {
        var image = TestImage.Of();
        Server.Push("v1.0.0", image);
        Server.Add(new Fault.Answer(405) { When = request => request.Method is "HEAD" });

        Assert.Equal(image.Digest, (await FindAsync()).Release.Artifact?.Digest?.ToString());
    }

    [Fact]
    public async Task Find_HeaderIsNoDigest_IsMalformed()
    {
        Server.Push("v1.0.0", TestImage.Of());
        Server.Add(new Fault.Answer(200, "", Headers: ("Docker-Content-Digest", "sha256:short")) { When = request => request.Method is "HEAD" });

        Assert.Equal(ErrorCode.RegistryMalformed, (await FailsAsync()).Code);
    }

    [Fact]
    public async Task Find_OtherContentThanTheDigest_IsAMismatch()
    {
        Server.Push("v1.0.0", TestImage.Of());
        Server.SpoilContent = (_, content) => [.. content, .. " "u8];

        Assert.Equal(ErrorCode.ChecksumMismatch, (await FailsAsync()).Code);
    }

    [Fact]
    public async Task Find_IndexAndManifestAtOnce_IsMalformed()
    {
        var both = """{"schemaVersion":2,"manifests":[],"config":{},"layers":[]}"""u8.ToArray();
        Server.Push("v1.0.0", new TestImage { MediaType = TestImage.OciManifest, Manifest = both });

        Assert.Equal(ErrorCode.RegistryMalformed, (await FailsAsync()).Code);
    }

    [Fact]
    public async Task Find_TagWithoutImage_IsArtifactNotFound()
    {
        var image = TestImage.Of();
        Server.Push("v1.0.0", image);
        Server.Delete(image.Digest);

        var failure = await FailsAsync();

        Assert.Equal((ErrorCode.ArtifactNotFound, $"{Server.Authority}/acme/app:v1.0.0"), (failure.Code, failure.Target));
    }

    [Fact]
    public async Task Find_RepositoryWithoutTags_HasNoReleases() =>
        Assert.Equal(ErrorCode.NoMatchingVersion, (await FailsAsync()).Code);

    [Fact]
    public async Task Find_TagsThatCannotBe_AreIgnored()
    {
        Server.Add(new Fault.Answer(200, """{"tags":["v9.0.0/../../x","v8.0.0\n",null,"","v1.0.0"]}""") { When = request => request.Path.Value?.EndsWith("tags/list", StringComparison.Ordinal) ?? false });
        Server.Push("v1.0.0", TestImage.Of());

        Assert.Equal("v1.0.0", (await FindAsync()).Release.Tag);
    }

    [Theory]
    [InlineData("http://evil.example/v2/acme/app/tags/list")]
    [InlineData("//evil.example/v2/acme/app/tags/list")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("https://127.0.0.1/v2/acme/app/tags/list")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://[broken")]
    public async Task Find_NextPageElsewhere_IsRefused(string link)
    {
        Server.LargestPage = 1;
        Server.Push("v1.0.0", TestImage.Of());
        Server.Push("v1.1.0", TestImage.Of());
        Server.SpoilLink = _ => link;

        Assert.Equal(ErrorCode.RegistryMalformed, (await FailsAsync()).Code);
        Assert.Single(Server.Calls);
    }

    [Fact]
    public async Task Find_PagesInACircle_AreRefused()
    {
        Server.LargestPage = 1;
        foreach (var tag in new[] { "v1.0.0", "v1.1.0", "v1.2.0" })
            Server.Push(tag, TestImage.Of());
        Server.SpoilLink = _ => "/v2/acme/app/tags/list?last=v1.0.0&n=1";

        var failure = await FailsAsync();

        Assert.Contains("circle", failure.Message, StringComparison.Ordinal);
        Assert.InRange(Server.Calls.Count(), 2, 3);
    }

    [Fact]
    public async Task Find_PagesWithoutEnd_AreRefused()
    {
        var page = 0;
        Server.LargestPage = 1;
        Server.Push("v1.0.0", TestImage.Of());
        Server.Push("v1.1.0", TestImage.Of());
        Server.SpoilLink = _ => $"/v2/acme/app/tags/list?page={page++}";

        Assert.Contains("more than 200 pages", (await FailsAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_RedirectToTheMetadataService_IsRefused()
    {
        Server.Push("v1.0.0", TestImage.Of());
        Server.Add(Fault.RedirectTo(new Uri("http://169.254.169.254/latest/meta-data/")));

        var failure = await FailsAsync();

        Assert.Equal(ErrorCode.RegistryMalformed, failure.Code);
        Assert.Contains("169.254.169.254", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_NobodyListens_IsUnavailable()
    {
        int port;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        var failure = await Assert.ThrowsAsync<DewyException>(() => Finder(host: $"127.0.0.1:{port}").FindNewestAsync(Token));

        Assert.Equal(ErrorCode.RegistryUnavailable, failure.Code);
    }

    [Fact]
    public async Task Open_Image_SaysThatItIsNoFile()
    {
        Server.Push("v1.0.0", TestImage.Of());
        var asset = (await FindAsync()).Asset ?? throw new InvalidOperationException("No image.");
        await using var source = new OciReleaseSource(Dewy.Engine.Registries.RegistryAddress.Parse($"img://{Server.Authority}/acme/app"), Services);

        Assert.Equal(ErrorCode.InvalidOption, (await Assert.ThrowsAsync<DewyException>(() => source.OpenAsync(asset, 0, null, Token))).Code);
    }

    private static LiveRelease Live(Release release) => new()
    {
        Tag = release.Tag,
        Key = release.CacheKey ?? "",
        Digest = release.Artifact?.Digest,
        DeployedAt = DateTimeOffset.UnixEpoch,
        DeploymentId = "1",
    };
}

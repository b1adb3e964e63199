using System.Security.Cryptography;
using Dewy.Engine.Registries;
using Dewy.Tests.Http;
using Xunit;

namespace Dewy.Engine.Tests.Registries.GitHub;

public sealed class GitHubReleaseTests : GitHubTestBase
{
    [Fact]
    public async Task Find_Draft_IsIgnored()
    {
        var server = await StartAsync();
        server.Publish("v1.0.0", Now, File());
        server.Publish("v2.0.0", Now, File()).Draft = true;

        Assert.Equal("v1.0.0", (await Open(server).Finder.FindNewestAsync(Cancellation)).Release.Tag);
    }

    [Fact]
    public async Task Find_MarkedAsPreRelease_CountsAsOneWhateverItsTag()
    {
        var server = await StartAsync();
        server.Publish("v1.0.0", Now, File());
        server.Publish("v2.0.0", Now, File()).PreRelease = true;

        Assert.Equal("v1.0.0", (await Open(server).Finder.FindNewestAsync(Cancellation)).Release.Tag);
    }

    [Theory]
    [InlineData("starter")]
    [InlineData("open")]
    public async Task Find_AssetStillUploading_IsMissingWithinTheGracePeriod(string state)
    {
        var server = await StartAsync();
        server.Publish("v1.0.0", Now.AddMinutes(-1), File()).Assets[0].State = state;

        var finding = await Open(server).Finder.FindNewestAsync(Cancellation);

        Assert.Contains("still being uploaded", finding.MissingBecause, StringComparison.Ordinal);
        Assert.True(finding.WithinGrace(TimeSpan.FromMinutes(30)));
    }

    [Fact]
    public async Task Find_Asset_CarriesDigestSizeAndTimes()
    {
        var server = await StartAsync();
        var release = server.Publish("v1.0.0", Now.AddHours(-3), File(content: "bytes"));

        var finding = await Open(server).Finder.FindNewestAsync(Cancellation);

        Assert.Equal(Digest.Sha256(SHA256.HashData("bytes"u8)), finding.Release.Artifact?.Digest);
        Assert.Equal(5, finding.Asset?.Size);
        Assert.Equal(Now.AddHours(-3), finding.Asset?.ModifiedAt);
        Assert.Equal(release.PublishedAt, finding.Release.CreatedAt);
        Assert.Equal(release.Id.ToString(), finding.Release.Id);
    }

    [Theory]
    [InlineData("application/json", """{"message": "moved"}""")]
    [InlineData("application/json", "null")]
    [InlineData("application/json", "[null]")]
    [InlineData("application/json", """[{"id": 1, "tag_name": "v1.0.0", "assets": [null]}]""")]
    [InlineData("application/json", """[{"id": 1}]""")]
    [InlineData("application/json", """[{"id": 1, "tag_name": null}]""")]
    [InlineData("application/json", """[{"id": "x", "tag_name": "v1.0.0"}]""")]
    [InlineData("application/json", """[{"id": 1, "tag_name": "v1.0.0", "published_at": "yesterday"}]""")]
    [InlineData("text/html", "<html>sign in</html>")]
    [InlineData("application/json", "")]
    public async Task Find_AnswerOfAnotherShape_IsMalformed(string contentType, string body)
    {
        var server = await StartAsync();
        server.Add(new Fault.Answer(200, body, contentType));

        var failure = await FailsAsync(() => Open(server).Finder.FindNewestAsync(Cancellation));

        Assert.Equal(ErrorCode.RegistryMalformed, failure.Code);
    }

    [Theory]
    [InlineData("Link", "<not a url>; rel=\"next\"")]
    [InlineData("Link", "<http://a/>; rel=\"next\", <http://b/>; rel=\"next\"")]
    [InlineData("X-RateLimit-Reset", "99999999999999999999")]
    public async Task Find_HeaderThatCannotBeRead_IsAFailureWithACodeOrNothingAtAll(string name, string value)
    {
        var server = await StartAsync();
        server.Add(new Fault.Answer(200, """[{"id": 1, "tag_name": "v1.0.0"}]""", Headers: (name, value)) { Times = 1 });
        server.Add(new Fault.Answer(200, "[]"));

        var thrown = await Record.ExceptionAsync(() => Open(server).Source.ListAsync(Cancellation));

        Assert.True(thrown is null or DewyException { Code: ErrorCode.RegistryMalformed }, thrown?.ToString());
    }

    [Theory]
    [InlineData("ghr://acme")]
    [InlineData("ghr://acme/app/more")]
    [InlineData("ghr:///app")]
    [InlineData("ghr://acme/..")]
    [InlineData("ghr://github.com/acme/app")]
    public void Address_NoRepository_IsRefused(string url)
    {
        var failure = Assert.Throws<DewyException>(() => RegistryCatalog.BuiltIn.Parse(url));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        Assert.Contains("ghr://<owner>/<repo>", failure.NextStep, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GITHUB_API_URL", "ghe.example.com")]
    [InlineData("GITHUB_API_URL", "http://ghe.example.com/api/v3")]
    [InlineData("GITHUB_ENDPOINT", "https://user:secret@ghe.example.com/")]
    public void Endpoint_OfNoUse_IsRefusedAtStart(string name, string value)
    {
        var failure = Assert.Throws<DewyException>(() => Open(new Dictionary<string, string> { [name] = value }));

        Assert.Equal((ErrorCode.InvalidOption, name), (failure.Code, failure.Target));
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
    }
}

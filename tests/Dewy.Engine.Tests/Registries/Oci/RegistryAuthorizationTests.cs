using System.Text;
using Dewy.Tests;
using Dewy.Tests.Http;
using Xunit;

namespace Dewy.Engine.Tests.Registries.Oci;

public sealed class RegistryAuthorizationTests : OciTest
{
    [Fact]
    public async Task Find_AnonymousTokens_AreFetchedOnceAndUsedUntilTheyRunOut()
    {
        Server.Auth = "anonymous";
        Server.Push("v1.0.0", TestImage.Of());
        var finder = Finder();

        await finder.FindNewestAsync(Token);
        await finder.FindNewestAsync(Token);
        Assert.Single(Server.Tokens);
        Assert.Single(Server.Calls, call => call.Header("Authorization") is null);
        Time.Advance(Server.TokenLifetime);
        Server.Forget();
        await finder.FindNewestAsync(Token);

        Assert.Equal(2, Server.Tokens.Count);
        Assert.Equal(2, Server.Calls.Count()); // renewed before it was refused
    }

    [Fact]
    public async Task Find_TokenRevoked_IsReplacedOnce()
    {
        Server.Auth = "anonymous";
        Server.Push("v1.0.0", TestImage.Of());
        var finder = Finder();
        await finder.FindNewestAsync(Token);
        Server.ForgetTokens();

        await finder.FindNewestAsync(Token);

        Assert.Single(Server.Tokens);
    }

    [Fact]
    public async Task Find_TokensThatAreNeverAccepted_AreNotAskedForWithoutEnd()
    {
        Server.Auth = "anonymous";
        Server.TokenLifetime = TimeSpan.Zero;
        Server.Push("v1.0.0", TestImage.Of());

        Assert.Equal(ErrorCode.RegistryUnauthorized, (await FailsAsync()).Code);
        Assert.Single(Server.Tokens);
        Assert.Equal(2, Server.Calls.Count());
    }

    [Theory]
    [InlineData("bearer")]
    [InlineData("basic")]
    public async Task Find_UserAndPassword_AreSentToTheRegistryOrItsTokenServerAlone(string auth)
    {
        Server.Auth = auth;
        Server.Push("v1.0.0", TestImage.Of());
        UseEnvironment();

        Assert.Equal("v1.0.0", (await FindAsync()).Release.Tag);
        var basic = Server.Requests.Where(request => request.Header("Authorization")?.StartsWith("Basic ", StringComparison.Ordinal) ?? false);
        Assert.All(basic, request => Assert.Equal(auth is "basic", request.Path != "/token"));
        Assert.NotEmpty(basic);
    }

    [Fact]
    public async Task Find_NoCredentials_SaysHowToGiveThem()
    {
        Server.Auth = "basic";

        var failure = await FailsAsync();

        Assert.Equal(ErrorCode.RegistryUnauthorized, failure.Code);
        Assert.Contains($"docker login {Server.Authority}", failure.NextStep, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bearer", 1)]
    [InlineData("basic", 2)]
    public async Task Find_WrongPassword_IsUnauthorizedAndNotTriedWithoutEnd(string auth, int calls)
    {
        Server.Auth = auth;
        Environment["DOCKER_USERNAME"] = ImageRegistryServer.User;
        Environment["DOCKER_PASSWORD"] = $"wrong-{Canary.Mark}";

        var failure = await FailsAsync();

        Assert.Equal(ErrorCode.RegistryUnauthorized, failure.Code);
        Assert.DoesNotContain(Canary.Mark, failure.ToString(), StringComparison.Ordinal);
        Assert.Equal(calls, Server.Calls.Count());
    }

    [Fact]
    public async Task Find_IdentityToken_IsExchanged()
    {
        Server.Auth = "bearer";
        Server.Push("v1.0.0", TestImage.Of());
        WriteDockerConfig($$"""{"auths":{"{{Server.Authority}}":{"auth":"{{Base64("00000000-0000-0000-0000-000000000000:")}}","identitytoken":"{{ImageRegistryServer.IdentityToken}}"} } }""");

        Assert.Equal("v1.0.0", (await FindAsync()).Release.Tag);
        Assert.Contains(Server.Requests, request => request is { Method: "POST", Path: "/token" });
    }

    [Fact]
    public async Task Find_ScopeOfAnotherRepository_IsNotAskedFor()
    {
        Server.Auth = "anonymous";
        Server.Scope = "repository:other/secret:pull,push registry:catalog:*";
        Server.Push("v1.0.0", TestImage.Of());

        Assert.Equal("v1.0.0", (await FindAsync()).Release.Tag); // the token server takes no other scope than that of the repository
    }

    [Fact]
    public async Task Find_Secrets_AreKnownToTheRedactor()
    {
        Server.Auth = "bearer";
        Server.Push("v1.0.0", TestImage.Of());
        UseEnvironment();

        await FindAsync();

        Assert.Equal("*** ***", Redactor.Redact($"{ImageRegistryServer.Password} {Assert.Single(Server.Tokens)}"));
    }

    [Theory]
    [InlineData("http://token.example/token", "", "unprotected")]
    [InlineData("http://169.254.169.254/token", "", "unprotected")]
    [InlineData("http://169.254.169.254/token", "plain-http=true", "169.254.169.254")]
    [InlineData("https://169.254.169.254/token", "", "169.254.169.254")]
    [InlineData("https://[fe80::1]/token", "", "fe80::1")]
    [InlineData("https://rita:secret@token.example/token", "", "no web address")]
    [InlineData("file:///etc/passwd", "", "no web address")]
    [InlineData("token", "", "no web address")]
    public async Task Find_HostileRealm_GetsNothing(string realm, string query, string why)
    {
        Server.Auth = "bearer";
        Server.Realm = realm;
        UseEnvironment();

        var failure = await FailsAsync(query);

        Assert.Equal(ErrorCode.RegistryMalformed, failure.Code);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_TokenServerThatRedirects_DoesNotPassThePasswordOn()
    {
        await using var other = new ImageRegistryServer { Time = Time, Auth = "bearer" };
        await other.StartAsync();
        Server.Auth = "bearer";
        Server.Add(new Fault.Answer(302, Headers: ("Location", new Uri(other.Address, "/token").ToString())) { When = request => request.Path == "/token" });
        UseEnvironment();

        Assert.Equal(ErrorCode.RegistryMalformed, (await FailsAsync()).Code);
        Assert.Null(Assert.Single(other.Requests).Header("Authorization"));
    }

    [Fact]
    public async Task Find_BlobElsewhere_IsFetchedWithoutTheToken()
    {
        var image = TestImage.Of(created: Time.GetUtcNow());
        await using var blobs = new ImageRegistryServer { Time = Time };
        await blobs.StartAsync();
        blobs.Push("any", image);
        Server.Auth = "anonymous";
        Server.Push("v1.0.0", image);
        Server.Add(new Fault.Answer(307, Headers: ("Location", new Uri(blobs.Address, $"/v2/acme/app/blobs/{Engine.Registries.Oci.ContentDigest.Of(image.Config)}").ToString())) { When = request => request.Path.Value?.Contains("/blobs/", StringComparison.Ordinal) ?? false });

        Assert.Equal(Time.GetUtcNow(), (await FindAsync()).Release.CreatedAt);
        Assert.Null(Assert.Single(blobs.Requests).Header("Authorization"));
    }

    [Theory]
    [InlineData("""{"token":""}""")]
    [InlineData("""{"token":"a\r\nX-Injected: 1"}""")]
    [InlineData("""{}""")]
    [InlineData("""["token"]""")]
    [InlineData("<html>")]
    public async Task Find_AnswerWithoutToken_IsMalformed(string body)
    {
        Server.Auth = "anonymous";
        Server.Add(new Fault.Answer(200, body) { When = request => request.Path == "/token" });

        Assert.Equal(ErrorCode.RegistryMalformed, (await FailsAsync()).Code);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private void UseEnvironment()
    {
        Environment["DOCKER_USERNAME"] = ImageRegistryServer.User;
        Environment["DOCKER_PASSWORD"] = ImageRegistryServer.Password;
    }
}

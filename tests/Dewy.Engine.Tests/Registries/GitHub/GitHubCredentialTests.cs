using Dewy.Engine.Registries;
using Dewy.Tests;
using Dewy.Tests.GitHub;
using Dewy.Tests.Http;
using Xunit;

namespace Dewy.Engine.Tests.Registries.GitHub;

public sealed class GitHubCredentialTests : GitHubTestBase, IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("first", "second", "Bearer first")]
    [InlineData("", "second", "Bearer second")]
    [InlineData(null, null, null)]
    public async Task Token_FromTheEnvironment_GhTokenBeforeGithubToken(string? ghToken, string? githubToken, string? expected)
    {
        var server = await StartAsync(new GitHubServer { Token = expected?["Bearer ".Length..] });
        server.Publish("v1.0.0", Now, File());
        var variables = Variables(server);
        if (ghToken is not null)
            variables["GH_TOKEN"] = ghToken;
        if (githubToken is not null)
            variables["GITHUB_TOKEN"] = githubToken;

        await Open(variables).Finder.FindNewestAsync(Cancellation);

        Assert.Equal(expected, Assert.Single(server.Requests).Header("Authorization"));
    }

    [Fact]
    public async Task App_WithTokensBeside_Wins()
    {
        using var app = new GitHubAppState(Time);
        var server = await StartAsync(new GitHubServer { App = app });
        server.Publish("v1.0.0", Now, File());

        var (source, finder) = Open(AppVariables(server, app, ("GH_TOKEN", Token)));
        var finding = await finder.FindNewestAsync(Cancellation);
        await ReadAsync(source, finding);
        await finder.FindNewestAsync(Cancellation);

        Assert.Equal($"Bearer {Assert.Single(app.Issued)}", server.Requests.Last().Header("Authorization"));
    }

    [Fact]
    public async Task App_TokenNearItsEnd_IsRenewed()
    {
        using var app = new GitHubAppState(Time);
        var server = await StartAsync(new GitHubServer { App = app });
        server.Publish("v1.0.0", Now, File());
        var (_, finder) = Open(AppVariables(server, app));

        await finder.FindNewestAsync(Cancellation);
        Time.Advance(TimeSpan.FromMinutes(54));
        await finder.FindNewestAsync(Cancellation);
        Assert.Single(app.Issued);
        Time.Advance(TimeSpan.FromMinutes(2));
        await finder.FindNewestAsync(Cancellation);

        Assert.Equal(2, app.Issued.Count);
    }

    [Fact]
    public async Task App_TokenRevoked_IsRenewedWithTheNextPoll()
    {
        using var app = new GitHubAppState(Time);
        var server = await StartAsync(new GitHubServer { App = app });
        server.Publish("v1.0.0", Now, File());
        var (_, finder) = Open(AppVariables(server, app));
        await finder.FindNewestAsync(Cancellation);
        server.Add(new Fault.Answer(401, """{"message":"Bad credentials"}""") { Times = 1 });

        Assert.Equal(ErrorCode.RegistryUnauthorized, (await FailsAsync(() => finder.FindNewestAsync(Cancellation))).Code);

        await finder.FindNewestAsync(Cancellation);
        Assert.Equal(2, app.Issued.Count);
    }

    [Theory]
    [InlineData("escaped")]
    [InlineData("pkcs8")]
    [InlineData("file")]
    public async Task App_KeyInAnyUsualForm_IsRead(string form)
    {
        using var app = new GitHubAppState(Time);
        var server = await StartAsync(new GitHubServer { App = app });
        server.Publish("v1.0.0", Now, File());
        var variables = AppVariables(server, app);
        var key = form switch
        {
            "escaped" => app.PrivateKey.Replace("\n", "\\n", StringComparison.Ordinal),
            "pkcs8" => app.Pkcs8PrivateKey,
            _ => "",
        };
        variables["GITHUB_APP_PRIVATE_KEY"] = key;
        if (form == "file")
        {
            variables["GITHUB_APP_PRIVATE_KEY_PATH"] = _directory.Combine("app.pem");
            await System.IO.File.WriteAllTextAsync(_directory.Combine("app.pem"), app.PrivateKey, Cancellation);
        }

        Assert.Equal("v1.0.0", (await Open(variables).Finder.FindNewestAsync(Cancellation)).Release.Tag);
    }

    [Theory]
    [InlineData("GITHUB_APP_ID", null)]
    [InlineData("GITHUB_APP_INSTALLATION_ID", null)]
    [InlineData("GITHUB_APP_INSTALLATION_ID", "acme")]
    [InlineData("GITHUB_APP_PRIVATE_KEY", null)]
    [InlineData("GITHUB_APP_PRIVATE_KEY", "-----BEGIN RSA PRIVATE KEY-----\nCANARY\n-----END RSA PRIVATE KEY-----")]
    public async Task App_HalfConfigured_IsRefusedAtStart(string name, string? value)
    {
        using var app = new GitHubAppState(Time);
        var server = await StartAsync(new GitHubServer { App = app });
        var variables = AppVariables(server, app);
        variables.Remove(name);
        if (value is not null)
            variables[name] = value.Replace("CANARY", Canary.Mark, StringComparison.Ordinal);

        var failure = Assert.Throws<DewyException>(() => Open(variables));

        Assert.Equal((ErrorCode.InvalidOption, name), (failure.Code, failure.Target));
        Assert.DoesNotContain(Canary.Mark, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_UnknownInstallation_IsUnauthorizedAndNamesTheVariable()
    {
        using var app = new GitHubAppState(Time);
        var server = await StartAsync(new GitHubServer { App = app });
        server.Add(new Fault.Answer(404, """{"message":"Not Found"}""") { When = request => request.Path.StartsWithSegments("/app", StringComparison.Ordinal) });

        var failure = await FailsAsync(() => Open(AppVariables(server, app)).Finder.FindNewestAsync(Cancellation));

        Assert.Equal(ErrorCode.RegistryUnauthorized, failure.Code);
        Assert.Contains("GITHUB_APP_INSTALLATION_ID", failure.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Download_ElsewhereByRedirect_TakesNoTokenThere()
    {
        var server = await StartAsync();
        server.Publish("v1.0.0", Now, File(content: "the content"));
        var (source, finder) = Open(server);

        var content = await ReadAsync(source, await finder.FindNewestAsync(Cancellation));

        Assert.Equal("the content"u8.ToArray(), content);
        Assert.All(server.Requests, request => Assert.Equal("Bearer " + Token, request.Header("Authorization")));
        var elsewhere = Assert.Single(server.Downloads.Requests);
        Assert.Null(elsewhere.Header("Authorization"));
        Assert.DoesNotContain(elsewhere.Headers.Values, value => value.Contains(Token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Poll_RedirectedElsewhere_TakesNoTokenThere()
    {
        var server = await StartAsync();
        await using var elsewhere = await FileServer.CreateAsync();
        server.Add(Fault.RedirectTo(new Uri(elsewhere.OtherName, "/repos/acme/app/releases")));

        await FailsAsync(() => Open(server).Finder.FindNewestAsync(Cancellation));

        Assert.Null(Assert.Single(elsewhere.Requests).Header("Authorization"));
    }

    [Fact]
    public async Task Report_UploadAddressOfAnotherHost_TakesNoTokenThere()
    {
        await using var elsewhere = await FileServer.CreateAsync();
        var server = await StartAsync();
        server.UploadAddress = elsewhere.OtherName;
        server.Publish("v1.0.0", Now, File());

        var failure = await FailsAsync(() => ReportAsync(Open(server)));

        Assert.Equal(ErrorCode.ReportFailed, failure.Code);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task Report_OnEnterprise_IsUploadedThere()
    {
        var server = await StartAsync(new GitHubServer { Token = Token, BasePath = "/api/v3" });
        server.Publish("v1.0.0", Now, File());
        var variables = new Dictionary<string, string> { ["GITHUB_ENDPOINT"] = server.ApiUrl + "/", ["GITHUB_TOKEN"] = Token };

        await ReportAsync(Open(variables));

        var upload = Assert.Single(server.Requests, request => request.Method == "POST");
        Assert.StartsWith("/api/uploads/repos/acme/app/releases/", upload.Path, StringComparison.Ordinal);
        Assert.Equal("Bearer " + Token, upload.Header("Authorization"));
        Assert.Equal("text/plain", upload.Header("Content-Type"));
        Assert.StartsWith("shipped_to_web-1_assets_at_", Assert.Single(server.Releases).Assets[1].Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_TokenMayNotWrite_SaysWhatToDo()
    {
        var server = await StartAsync();
        server.Publish("v1.0.0", Now, File());
        server.Add(new Fault.Answer(403, """{"message":"Resource not accessible by integration"}""") { When = request => request.Method == "POST" });

        var failure = await FailsAsync(() => ReportAsync(Open(server)));

        Assert.Equal(ErrorCode.ReportFailed, failure.Code);
        Assert.Contains("Resource not accessible", failure.Message, StringComparison.Ordinal);
        Assert.Contains("GH_TOKEN", failure.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_WithoutCredentials_IsLeftOut()
    {
        var server = await StartAsync(new GitHubServer());
        server.Publish("v1.0.0", Now, File());

        await ReportAsync(Open(Variables(server)));

        Assert.DoesNotContain(server.Requests, request => request.Method == "POST");
    }

    private async Task ReportAsync((IReleaseSource Source, ReleaseFinder Finder) open)
    {
        var release = (await open.Finder.FindNewestAsync(Cancellation)).Release;
        await open.Source.ReportAsync(new ShippingReport { Release = release, Command = "assets", Host = "web-1", At = Now }, Cancellation);
    }

    private static Dictionary<string, string> AppVariables(GitHubServer server, GitHubAppState app, params IReadOnlyList<(string Name, string Value)> more) => Variables(
        server,
        [("GITHUB_APP_ID", app.Id), ("GITHUB_APP_INSTALLATION_ID", app.InstallationId), ("GITHUB_APP_PRIVATE_KEY", app.PrivateKey), .. more]);
}

using System.Text;
using Dewy.Engine.Composition;
using Dewy.Engine.Releases;
using Dewy.Engine.Processes;
using Dewy.Tests;
using Dewy.Tests.GitHub;
using Dewy.Tests.Http;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Dewy.Engine.Tests.Registries.GitHub;

/// <summary>Credentials and signatures are planted wherever they can be, everything fails in every way, and none may be seen.</summary>
public sealed class GitHubSecrecyTests : GitHubTestBase
{
    public static TheoryData<string> Ways =>
        ["none", "401", "403", "404", "429", "500", "page", "malformed", "cut", "lie", "redirect", "echo"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Deploy_FailsInAnyWay_ShowsNoSecret(string way)
    {
        using var app = new GitHubAppState(TimeProvider.System);
        var server = await StartAsync(new GitHubServer { App = app });
        server.Publish("v1.0.0", DateTimeOffset.UtcNow.AddHours(-1), File("app_linux_amd64", "#!/bin/sh\n"));
        using var root = new TemporaryDirectory();
        var events = new RecordingEventSink();
        var seen = new StringBuilder();
        foreach (var place in new[] { "app", "list", "asset", "download", "upload" })
        {
            Break(server, place, way);
            var engine = new DewyEngine(Services(server, app));
            var options = new OptionSet().Add("registry", "ghr://acme/app").Add("root", root.Combine(place)).Add("mode", "assets");
            var thrown = await Record.ExceptionAsync(async () =>
                seen.AppendLine((await engine.DeployAsync(options, force: true, events, Cancellation).WaitAsync(TimeSpan.FromMinutes(1), Cancellation))?.ToString()));
            seen.AppendLine(thrown?.ToString());
            if (way is not "none" and not "lie")
                Assert.True(thrown is DewyException || place is "asset" or "download" or "upload", thrown?.ToString());
            server.Heal();
            server.Downloads.Heal();
        }

        foreach (var said in events.Events)
            seen.AppendLine(said.ToString());
        foreach (var kept in Directory.EnumerateFiles(root.Path, "*.json*", SearchOption.AllDirectories))
            seen.AppendLine(await System.IO.File.ReadAllTextAsync(kept, Cancellation));
        var text = seen.ToString();
        Assert.NotEmpty(app.Issued);
        Assert.All(app.Issued, token => Assert.DoesNotContain(token, text, StringComparison.Ordinal));
        Assert.DoesNotContain(server.Signature, text, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", text, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", text, StringComparison.Ordinal); // how every JSON web token begins
    }

    private static void Break(GitHubServer server, string place, string way)
    {
        var fault = Spoil(way, server);
        if (fault is null)
            return;
        var limited = fault with { Times = fault is Fault.Answer ? null : 3 };
        if (place == "download")
        {
            server.Downloads.Add(limited);
            return;
        }

        server.Add(limited with
        {
            When = request => place switch
            {
                "app" => request.Path.StartsWithSegments("/app", StringComparison.Ordinal),
                "asset" => request.Path.Value?.Contains("/releases/assets/", StringComparison.Ordinal) is true,
                "upload" => HttpMethods.IsPost(request.Method) && request.Path.StartsWithSegments("/repos", StringComparison.Ordinal),
                _ => HttpMethods.IsGet(request.Method) && request.Path.Value?.EndsWith("/releases", StringComparison.Ordinal) is true,
            },
        });
    }

    private static Fault? Spoil(string way, GitHubServer server) => way switch
    {
        "none" => null,
        "page" => Fault.Page,
        "malformed" => Fault.MalformedJson,
        "429" => Fault.TooManyRequests(10),
        "cut" => new Fault.CutAfter(3),
        "lie" => new Fault.LyingLength(5),
        "redirect" => Fault.RedirectTo(new Uri($"http://localhost:1/?sig={server.Signature}")),

        "echo" => new Fault.Echo(),
        _ => new Fault.Answer(int.Parse(way), """{"message":"No"}"""),
    };

    private static EngineServices Services(GitHubServer server, GitHubAppState app) => new()
    {
        Time = new Artifacts.ImpatientTimeProvider(),
        Environment = Variables(
            server,
            ("GITHUB_APP_ID", app.Id),
            ("GITHUB_APP_INSTALLATION_ID", app.InstallationId),
            ("GITHUB_APP_PRIVATE_KEY", app.PrivateKey)),
        Processes = new ProcessStarter(),
        Platform = HostPlatform.Parse("linux/amd64"),
        UserName = "tester",
        HostName = "web-1",
        Jitter = () => 0.5,
    };
}

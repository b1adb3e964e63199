using System.Text.Json;
using Dewy.Engine.Processes;
using Dewy.Tests;
using Xunit;

namespace Dewy.EndToEnd.Tests.Cli;

public sealed class RunCommandTests
{
    private const string Two = """
        {
          "log-format": "json",
          "applications": {
            "web": {"registry": "file:///w", "root": "/srv/web", "command": "./current/web", "environment": {"GH_TOKEN": "ghp_of_web"}},
            "site": {"registry": "file:///s", "root": "/srv/site"}
          }
        }
        """;

    [Fact]
    public async Task Run_TwoApplications_GetAnAgentEach()
    {
        using var dewy = Prepared();
        var running = dewy.RunAsync("run", "--config", "dewy.json");
        await StartedAsync(dewy, 2);

        dewy.Send(AgentSignal.Stop);

        Assert.Equal(ExitCode.Ok, await running);
        Assert.Equal([("web", "/srv/web"), ("site", "/srv/site")], dewy.Engine.Agents.Select(made => (made.Options.Values("name")[0], made.Options.Values("root")[0])));
        Assert.All(dewy.Engine.Agents, made => Assert.True(made.Options.IsComplete && made.Agent.Disposed));
    }

    [Fact]
    public async Task Run_Only_LeavesTheOthersOut()
    {
        using var dewy = Prepared(_ => (_, _) => Task.CompletedTask);

        Assert.Equal(ExitCode.Ok, await dewy.RunAsync("run", "--config", "dewy.json", "--only", "site"));

        Assert.Equal("site", Assert.Single(dewy.Engine.Agents).Options.Values("name")[0]);
    }

    [Fact]
    public async Task Run_OneApplicationThatCannotStart_IsItsExitCodeAsWithServer()
    {
        using var dewy = Prepared(_ => (_, _) => throw Locked());

        Assert.Equal(ExitCode.Locked, await dewy.RunAsync("run", "--config", "dewy.json", "--only", "site"));
    }

    [Fact]
    public async Task Run_FileOfOne_IsRun()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { AgentBody = (_, _) => Task.CompletedTask } };
        dewy.Write("dewy.json", """{"registry": "file:///x", "command": ["./current/app"]}""");
        dewy.Environment["DEWY_CONFIG"] = "dewy.json";

        Assert.Equal(ExitCode.Ok, await dewy.RunAsync("run"));

        Assert.Equal(["./current/app"], dewy.Engine.Options?.Values("command"));
    }

    [Fact]
    public async Task Run_OneCannotStart_IsTriedAgainWithBackOffWhileTheOtherGoesOn()
    {
        using var dewy = Prepared(name => name is "web" ? (_, _) => throw Locked() : null);
        var running = dewy.RunAsync("run", "--config", "dewy.json");

        foreach (var (pause, tries) in new[] { (1, 2), (2, 3), (4, 4) })
        {
            await Eventually.IsTrueAsync(() => Lines(dewy).Count(line => line.GetProperty("msg").GetString() is "Dewy failed") == tries - 1, "the failure is told");
            dewy.Time.Advance(TimeSpan.FromSeconds(pause) - TimeSpan.FromMilliseconds(1));
            dewy.Time.Advance(TimeSpan.FromMilliseconds(1));
            await Eventually.IsTrueAsync(() => Made(dewy, "web").Count() == tries, $"it is tried a {tries}. time");
        }

        await Eventually.IsTrueAsync(() => Made(dewy, "site").Any(), "the other runs");
        var site = Made(dewy, "site").Single();
        Assert.False(site.Disposed);
        dewy.Send(AgentSignal.Stop);
        Assert.Equal(ExitCode.Ok, await running);
        Assert.True(site.Disposed);
        var told = Lines(dewy).First(line => line.GetProperty("msg").GetString() is "Dewy failed");
        Assert.Equal(("web", "RootLocked", "1s", "Stop it."), (Text(told, "application"), Text(told, "code"), Text(told, "next_in"), Text(told, "next_step")));
        Assert.Equal(["1s", "2s", "4s"], Lines(dewy).Where(line => line.GetProperty("msg").GetString() is "Dewy failed").Take(3).Select(line => Text(line, "next_in")));
    }

    [Fact]
    public async Task Signals_HupAndUsr1_GoToAll()
    {
        using var dewy = Prepared();
        var running = dewy.RunAsync("run", "--config", "dewy.json");
        await StartedAsync(dewy, 2);

        dewy.Send(AgentSignal.Redeploy);
        dewy.Send(AgentSignal.RedeployAndNotify);
        dewy.Send(AgentSignal.Stop);

        Assert.Equal(ExitCode.Ok, await running);
        Assert.All(dewy.Engine.Agents, made => Assert.Equal([("SIGHUP", false), ("SIGUSR1", true)], made.Agent.Restarts));
    }

    [Fact]
    public async Task Signals_HupToOneThatWaits_TriesAgainNow()
    {
        using var dewy = Prepared(name => name is "web" ? (_, _) => throw Locked() : null);
        var running = dewy.RunAsync("run", "--config", "dewy.json");
        await Eventually.IsTrueAsync(() => Lines(dewy).Any(line => line.GetProperty("msg").GetString() is "Dewy failed"), "it waits");

        dewy.Send(AgentSignal.Redeploy);

        await Eventually.IsTrueAsync(() => Made(dewy, "web").Count() > 1, "it is tried again");
        dewy.Send(AgentSignal.Stop);
        await running;
    }

    [Fact]
    public async Task Events_OfSeveral_CarryTheirApplicationAndNoSecrets()
    {
        using var dewy = Prepared(name => (events, _) =>
        {
            events.Publish(new AgentStopped(false));
            events.Publish(new ApplicationOutput(1, false, $"hello from {name} with ghp_of_web"));
            throw Locked();
        });
        var running = dewy.RunAsync("run", "--config", "dewy.json");
        await Eventually.IsTrueAsync(() => Lines(dewy).Count(line => line.GetProperty("msg").GetString() is "Dewy failed") == 2, "both have failed");
        dewy.Send(AgentSignal.Stop);
        await running;

        Assert.Equal(["site", "web"], Lines(dewy).Select(line => Text(line, "application")).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(["site: hello from site with ***", "web: hello from web with ***"], dewy.Output.TrimEnd().ReplaceLineEndings("\n").Split('\n').Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Run_WrongOptionOfOne_StartsNothing()
    {
        using var dewy = new DewyRun();
        dewy.Write("dewy.json", """{"applications": {"web": {"registry": "file:///w", "root": "/w"}, "site": {"registry": "file:///s", "root": "/s", "interval": "often"}}}""");

        Assert.Equal(ExitCode.Usage, await dewy.RunAsync("run", "--config", "dewy.json"));

        Assert.Contains("dewy.json(1,115): \"interval\": 'often' is not a duration", dewy.Error, StringComparison.Ordinal);
        Assert.Empty(dewy.Engine.Agents);
    }

    [Fact]
    public async Task Run_SeveralProblems_HaveALineEach()
    {
        using var dewy = new DewyRun();
        dewy.Write("dewy.json", """{"port": "x", "applications": {"web": {"registry": "file:///w", "replicas": 2}, "site": {"interval": "often"}}}""");

        Assert.Equal(ExitCode.Usage, await dewy.RunAsync("run", "--config", "dewy.json"));

        var lines = dewy.Error.TrimEnd().ReplaceLineEndings("\n").Split('\n');
        Assert.Equal("dewy run: there is more than one thing wrong:", lines[0]);
        Assert.All(lines[1..^1], line => Assert.StartsWith(Path.Combine(dewy.Directory, "dewy.json"), line, StringComparison.Ordinal));
        Assert.Equal("See 'dewy run --help'.", lines[^1]);
    }

    [Theory]
    [InlineData("run", "a configuration file is needed")]
    [InlineData("run --config dewy.json --only sit", "has no application 'sit'; it has web, site. Did you mean site?")]
    [InlineData("run --config dewy.json --root /x", "--root means nothing with this command.")]
    [InlineData("run --config dewy.json -- ./current/app", "take something after --.")]
    [InlineData("server --config dewy.json -- ./current/app", "the configuration file has several applications (web, site): run all of them with dewy run, or name one in server mode with --name.")]
    [InlineData("assets --config dewy.json", "run all of them with dewy run")]
    [InlineData("assets --config dewy.json --name web", "web is an application in server mode: run it with dewy run --only web.")]
    [InlineData("container --config dewy.json --name site", "site is an application in assets mode")]
    [InlineData("assets --config dewy.json --name other", "has no application 'other'")]
    [InlineData("pause --config dewy.json", "has several applications: web, site. Name one of them with --name.")]
    [InlineData("history --config dewy.json", "has several applications: web, site.")]
    [InlineData("container list --config dewy.json", "has several applications: web, site.")]
    [InlineData("status --name web", "--name names one of several applications in a configuration file (--config), and there is none.")]
    public async Task CommandLine_Wrong_SaysWhatWouldBeRight(string line, string expected)
    {
        using var dewy = Prepared();

        Assert.Equal(ExitCode.Usage, await dewy.RunAsync(line.Split(' ')));

        Assert.Contains(expected, dewy.Error, StringComparison.Ordinal);
        Assert.Single(dewy.Error.TrimEnd().Split('\n'));
        Assert.Empty(dewy.Engine.Agents);
    }

    [Fact]
    public async Task Server_Name_PicksItOutOfTheFile()
    {
        using var dewy = Prepared(_ => (_, _) => Task.CompletedTask);

        Assert.Equal((ExitCode.Ok, ""), (await dewy.RunAsync("server", "--config", "dewy.json", "--name", "web"), dewy.Error));

        var options = Assert.Single(dewy.Engine.Agents).Options;
        Assert.Equal(["/srv/web"], options.Values("root"));
        Assert.Equal("ghp_of_web", options.Variables["GH_TOKEN"]);
    }

    [Theory]
    [InlineData("pause", "pause /srv/site by=alice")]
    [InlineData("history", "history /srv/site limit=20")]
    [InlineData("status", "status /srv/site")]
    public async Task RootCommand_Name_FindsTheRoot(string command, string call)
    {
        using var dewy = Prepared();

        Assert.Equal((ExitCode.Ok, ""), (await dewy.RunAsync(command, "--config", "dewy.json", "--name", "site"), dewy.Error));

        Assert.Equal([call], dewy.Engine.Calls);
    }

    [Fact]
    public async Task Status_NoName_ShowsAll()
    {
        using var dewy = Prepared();

        Assert.Equal((ExitCode.Ok, ""), (await dewy.RunAsync("status", "--config", "dewy.json"), dewy.Error));

        Assert.Equal(["status /srv/web", "status /srv/site"], dewy.Engine.Calls);
        Assert.Contains("/srv/web", dewy.Output, StringComparison.Ordinal);
        Assert.Contains("/srv/site", dewy.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_NoNameAsJson_IsAList()
    {
        using var dewy = Prepared();

        await dewy.RunAsync("status", "--config", "dewy.json", "--json");

        Assert.Equal(["/srv/web", "/srv/site"], JsonDocument.Parse(dewy.Output).RootElement.EnumerateArray().Select(status => status.GetProperty("root").GetString()));
    }

    [Fact]
    public async Task Status_WatchedAsJson_IsAListALine()
    {
        using var dewy = Prepared();
        var running = dewy.RunAsync("status", "--config", "dewy.json", "--json", "--watch");
        await Eventually.IsTrueAsync(() => dewy.Output.Contains('\n', StringComparison.Ordinal), "a line is written");

        dewy.Send(AgentSignal.Stop);

        Assert.Equal(ExitCode.Ok, await running);
        Assert.Equal(2, JsonDocument.Parse(dewy.Output.Split('\n')[0]).RootElement.GetArrayLength());
    }

    private static DewyRun Prepared(Func<string, Func<IEngineEventSink, CancellationToken, Task>?>? bodyOf = null)
    {
        var dewy = new DewyRun { Engine = new FakeEngine { BodyOf = bodyOf ?? (_ => null) } };
        dewy.Write("dewy.json", Two);
        return dewy;
    }

    private static async Task StartedAsync(DewyRun dewy, int agents)
    {
        await Eventually.IsTrueAsync(() => dewy.Engine.Agents.Count == agents, "the agents were made");
        await Task.WhenAll(dewy.Engine.Agents.Select(made => made.Agent.Running.Task));
    }

    private static IEnumerable<FakeAgent> Made(DewyRun dewy, string name) =>
        dewy.Engine.Agents.Where(made => made.Options.Values("name")[0] == name).Select(made => made.Agent);

    private static List<JsonElement> Lines(DewyRun dewy) =>
        [.. dewy.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.EndsWith('}')).Select(line => JsonDocument.Parse(line).RootElement)];

    private static string? Text(JsonElement line, string field) => line.TryGetProperty(field, out var value) ? value.GetString() : null;

    private static DewyException Locked() => new(ErrorCode.RootLocked, "/srv/web is taken by process 42.") { Target = "/srv/web", NextStep = "Stop it." };
}

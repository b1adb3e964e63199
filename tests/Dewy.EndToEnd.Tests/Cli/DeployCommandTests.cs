using Xunit;

namespace Dewy.EndToEnd.Tests.Cli;

public sealed class DeployCommandTests
{
    private const string TwoApplications = """{"applications": {"web": {"registry": "file:///w", "root": "/w"}, "site": {"registry": "file:///s", "root": "/s"}}}""";

    private static readonly Deployment Done = new()
    {
        Id = "d1",
        Mode = DeploymentMode.Assets,
        Tag = "v1.2.3",
        PreviousTag = "v1.2.2",
        Result = DeploymentResult.Succeeded,
        StartedAt = DateTimeOffset.UnixEpoch,
        FinishedAt = DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(1.5),
        RequestedBy = "deploy by alice",
    };

    private static readonly Deployment Failed = Done with
    {
        Result = DeploymentResult.Failed, Error = new DeploymentError { Code = ErrorCode.StartFailed, Message = "It died.", NextStep = "Look." },
    };

    [Fact]
    public async Task Deploy_RootOfAnAgent_NeedsNothingElse()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { Deploy = _ => Done } };

        Assert.Equal(ExitCode.Ok, await dewy.RunAsync("deploy", "--root", "/srv/app"));

        Assert.Equal(["deploy /srv/app force=False"], dewy.Engine.Calls);
        Assert.Equal("v1.2.3 is live instead of v1.2.2, after 1.5s.", dewy.Output.TrimEnd());
    }

    [Fact]
    public async Task Deploy_FlagsOfAnyMode_ReachTheEngine()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { Deploy = _ => Done } };

        await dewy.RunAsync("deploy", "--registry", "img://host/app", "--root", "/srv/app", "--replicas", "3", "--force", "--", "-e", "A=1");

        Assert.Equal(["deploy /srv/app force=True"], dewy.Engine.Calls);
        Assert.Equal(["-e", "A=1"], dewy.Engine.Options?.Values("run-options"));
        Assert.Equal(["3"], dewy.Engine.Options?.Values("replicas"));
    }

    [Fact]
    public async Task Deploy_Failed_IsExitCode4AndSaysWhatToDo()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { Deploy = _ => Failed } };

        Assert.Equal(ExitCode.DeploymentFailed, await dewy.RunAsync("deploy"));

        Assert.Equal("dewy deploy: v1.2.3 could not be deployed: It died. Look.", dewy.Error.TrimEnd());
    }

    [Theory]
    [InlineData(null, null, "nothing is live; there is nothing to deploy.")]
    [InlineData("v1.2.3", null, "v1.2.3 stays live; there is nothing to deploy.")]
    [InlineData("v1.2.3", "Deploying is paused.", "v1.2.3 stays live; v1.3.0 is held back: Deploying is paused.")]
    public async Task Deploy_NothingDone_SaysWhy(string? live, string? held, string expected)
    {
        var status = new AgentStatus
        {
            Name = "app", Root = "/srv/app", State = AgentState.Stopped,
            Current = live is null ? null : new LiveRelease { Tag = live, Key = "app.tar.gz", DeployedAt = DateTimeOffset.UnixEpoch, DeploymentId = "1" },
            Held = held is null ? null : new HeldRelease("v1.3.0", held, DateTimeOffset.UnixEpoch),
        };
        using var dewy = new DewyRun { Engine = new FakeEngine { Status = status } };

        Assert.Equal(ExitCode.Ok, await dewy.RunAsync("deploy", "--root", "/srv/app"));

        Assert.Equal(expected, dewy.Output.TrimEnd());
    }

    [Fact]
    public async Task Deploy_DryRun_TellsThePlanOnly()
    {
        var plan = new DeploymentPlan { Reason = "v1.3.0 is newer than v1.2.3.", Steps = [new PlanStep("fetch", "app.tar.gz"), new PlanStep("switch", "current")] };
        using var dewy = new DewyRun { Engine = new FakeEngine { Plan = plan } };

        Assert.Equal(ExitCode.Ok, await dewy.RunAsync("deploy", "--registry", "file:///x", "--dry-run"));

        Assert.Equal(["plan force=False"], dewy.Engine.Calls);
        Assert.Equal(["v1.3.0 is newer than v1.2.3.", "  fetch: app.tar.gz", "  switch: current"], dewy.Output.TrimEnd().ReplaceLineEndings("\n").Split('\n'));
    }

    [Theory]
    [InlineData("deploy --config dewy.json", "deploy /w force=False, deploy /s force=False")]
    [InlineData("deploy --config dewy.json --only site", "deploy /s force=False")]
    [InlineData("deploy --config dewy.json --name site", "deploy /s force=False")]
    [InlineData("deploy --config dewy.json --root /s", "deploy /s force=False")]
    public async Task Deploy_Applications_AreThoseNamed(string line, string calls)
    {
        using var dewy = Two(Done, Done);

        Assert.Equal((ExitCode.Ok, ""), (await dewy.RunAsync(line.Split(' ')), dewy.Error));

        Assert.Equal(calls, string.Join(", ", dewy.Engine.Calls));
    }

    [Fact]
    public async Task Deploy_OneOfSeveralFails_TheOthersHaveTheirTurn()
    {
        using var dewy = Two(Failed, Done);

        Assert.Equal(ExitCode.DeploymentFailed, await dewy.RunAsync("deploy", "--config", "dewy.json"));

        Assert.Equal("dewy deploy: web: v1.2.3 could not be deployed: It died. Look.", dewy.Error.TrimEnd());
        Assert.Equal("site: v1.2.3 is live instead of v1.2.2, after 1.5s.", dewy.Output.TrimEnd());
    }

    private static DewyRun Two(Deployment web, Deployment site)
    {
        var dewy = new DewyRun { Engine = new FakeEngine { Applications = [Application("web", "/w"), Application("site", "/s")], Deploy = root => root == "/w" ? web : site } };
        dewy.Write("dewy.json", TwoApplications);
        return dewy;

        static ConfiguredApplication Application(string name, string root) => new() { Name = name, Root = root, Registry = $"file://{root}", Options = new OptionSet().Add("root", root) };
    }
}

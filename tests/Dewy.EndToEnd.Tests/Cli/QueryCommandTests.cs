using System.Text.Json;
using Xunit;

namespace Dewy.EndToEnd.Tests.Cli;

public sealed class QueryCommandTests
{
    private static readonly DateTimeOffset Time = new(2024, 1, 15, 10, 30, 45, TimeSpan.Zero);

    private static readonly Release Newest = new()
    {
        Registry = "file:///srv/releases/app",
        Tag = "v1.2.3+blue",
        Version = "1.2.3",
        Slot = "blue",
        CreatedAt = Time,
        Artifact = new Artifact { Name = "app.tar.gz", Location = new Uri("file:///srv/releases/app/v1.2.3/app.tar.gz"), Digest = Digest.Sha256(new byte[32]) },
        IsNewest = true,
    };

    private static readonly Deployment Done = new()
    {
        Id = "d1",
        Mode = DeploymentMode.Assets,
        Tag = "v1.2.2",
        PreviousTag = "v1.2.3",
        Result = DeploymentResult.Succeeded,
        StartedAt = Time,
        FinishedAt = Time + TimeSpan.FromMilliseconds(1500),
        RequestedBy = "agent",
    };

    [Fact]
    public async Task Releases_Table_ShowsEachOne()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { Releases = [Newest] } };

        Assert.Equal(ExitCode.Ok, await dewy.RunAsync("releases", "file:///srv/releases/app", "--slot", "blue"));

        var lines = dewy.Output.TrimEnd().Split('\n');
        Assert.StartsWith("TAG ", lines[0], StringComparison.Ordinal);
        Assert.Matches(@"^v1\.2\.3\+blue +1\.2\.3 +blue +2024-.* app\.tar\.gz +\*", lines[1]);
        Assert.Equal(["releases all=False"], dewy.Engine.Calls);
        Assert.Equal(["file:///srv/releases/app"], dewy.Engine.Options?.Values("registry"));
        Assert.Equal(["blue"], dewy.Engine.Options?.Values("slot"));
    }

    [Fact]
    public async Task Releases_Json_IsForPrograms()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { Releases = [Newest] } };

        await dewy.RunAsync("releases", "--all", "--format", "json", "--registry", "file:///srv/releases/app");

        var release = Assert.Single(JsonDocument.Parse(dewy.Output).RootElement.EnumerateArray());
        Assert.Equal("v1.2.3+blue--app.tar.gz", release.GetProperty("cache_key").GetString());
        Assert.Equal($"sha256:{new string('0', 64)}", release.GetProperty("artifact").GetProperty("digest").GetString());
        Assert.True(release.GetProperty("is_newest").GetBoolean());
        Assert.Equal(["releases all=True"], dewy.Engine.Calls);
    }

    [Fact]
    public async Task Releases_HostileTag_CannotReachTheTerminal()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { Releases = [Newest with { Tag = "v1\e[2J\n" }] } };

        await dewy.RunAsync("releases", "file:///x");

        Assert.DoesNotContain('\e', dewy.Output);
        Assert.Equal(2, dewy.Output.TrimEnd().Split('\n').Length);
    }

    [Fact]
    public async Task Releases_RegistryDown_IsExitCode3WithNextStep()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { Failure = new DewyException(ErrorCode.RegistryTimeout, "The registry did not answer.") { NextStep = "Try again." } } };

        Assert.Equal(ExitCode.Registry, await dewy.RunAsync("releases", "file:///x"));

        Assert.Equal("dewy releases: The registry did not answer. Try again.", dewy.Error.TrimEnd());
    }

    [Fact]
    public async Task Releases_Interrupted_SaysSo()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { Failure = new OperationCanceledException() } };

        Assert.Equal(ExitCode.Failed, await dewy.RunAsync("releases", "file:///x"));

        Assert.Equal("dewy releases: interrupted.", dewy.Error.TrimEnd());
    }

    [Fact]
    public async Task Status_People_ReadOneFactALine()
    {
        var status = new AgentStatus
        {
            Name = "app",
            Root = "/srv/app",
            State = AgentState.Idle,
            Mode = DeploymentMode.Server,
            AgentProcessId = 42,
            Current = new LiveRelease { Tag = "v1.2.3", Key = "k", Directory = "/srv/app/releases/1", DeployedAt = Time, DeploymentId = "d1" },
            Pin = new ReleasePin { Tag = "v1.2.3", UntilNewer = true, At = Time, By = "bob" },
            Pause = new ReleasePause(Time, "carol"),
            Blocked = [new BlockedRelease { Key = "k", Tag = "v1.2.4", Code = ErrorCode.StartFailed, Reason = "it died", Failures = 2, RetryAt = Time }],
            Processes = [new RunningProcess { Generation = 3, ProcessId = 43, Tag = "v1.2.3", StartedAt = Time, Ready = true }],
            LastDeployment = Done,
        };
        using var dewy = new DewyRun { Engine = new FakeEngine { Status = status } };

        Assert.Equal(ExitCode.Ok, await dewy.RunAsync("status", "--root", "/srv/app"));

        Assert.Equal(["status /srv/app"], dewy.Engine.Calls);
        foreach (var expected in (string[])["app (server)", "idle, process 42", "v1.2.3, deployed ", "to v1.2.3 until a newer release since ", "by carol", "v1.2.4, tried again ", "43, v1.2.3, generation 3, ready", "v1.2.2 succeeded"])
            Assert.Contains(expected, dewy.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_Json_HasKeysForPrograms()
    {
        using var dewy = new DewyRun();
        dewy.Environment["DEWY_ROOT"] = "app";

        await dewy.RunAsync("status", "--json");

        var status = JsonDocument.Parse(dewy.Output).RootElement;
        Assert.Equal("stopped", status.GetProperty("state").GetString());
        Assert.Equal(Path.Combine(dewy.Directory, "app"), status.GetProperty("root").GetString());
        Assert.Equal(JsonValueKind.Null, status.GetProperty("current").ValueKind);
    }

    [Fact]
    public async Task History_Table_ShowsEachDeployment()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { History = [Done, Done with { Result = DeploymentResult.RolledBack, Error = new DeploymentError { Code = ErrorCode.CrashLoop, Message = "It crashed." } }] } };

        Assert.Equal(ExitCode.Ok, await dewy.RunAsync("history", "--root", "/srv/app", "--limit", "5"));

        Assert.Equal(["history /srv/app limit=5"], dewy.Engine.Calls);
        Assert.Matches(@"v1\.2\.2 +v1\.2\.3 +succeeded +1\.5s +agent", dewy.Output);
        Assert.Matches(@"rolled back +1\.5s +agent +It crashed\.", dewy.Output);
    }

    [Fact]
    public async Task History_Json_IsAnArray()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { History = [Done] } };

        await dewy.RunAsync("history", "--json");

        var deployment = Assert.Single(JsonDocument.Parse(dewy.Output).RootElement.EnumerateArray());
        Assert.Equal("succeeded", deployment.GetProperty("result").GetString());
        Assert.Equal("1.5s", deployment.GetProperty("duration").GetString());
    }

    [Fact]
    public async Task Rollback_Done_SaysWhatIsLiveAndForHowLong()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { Rollback = Done } };

        Assert.Equal(ExitCode.Ok, await dewy.RunAsync("rollback", "--to", "v1.2.2", "--until-newer", "--root", "/srv/app"));

        Assert.Equal(["rollback to=v1.2.2 untilNewer=True by=alice"], dewy.Engine.Calls);
        Assert.StartsWith("v1.2.2 is live instead of v1.2.3. It stays until a newer release comes", dewy.Output, StringComparison.Ordinal);
        Assert.Equal(["/srv/app"], dewy.Engine.Options?.Values("root"));
    }

    [Fact]
    public async Task Pin_Tag_SaysWhatIsLiveAndHowItEnds()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { Pin = Done } };

        Assert.Equal(ExitCode.Ok, await dewy.RunAsync("pin", "v1.2.2", "--root", "/srv/app"));

        Assert.Equal(["pin v1.2.2 by=alice"], dewy.Engine.Calls);
        Assert.Equal("v1.2.2 is live instead of v1.2.3. It stays until you say `dewy resume`.", dewy.Output.TrimEnd());
    }

    [Fact]
    public async Task Rollback_Unhealthy_IsExitCode4()
    {
        var failed = Done with { Result = DeploymentResult.Failed, Error = new DeploymentError { Code = ErrorCode.StartFailed, Message = "It died.", NextStep = "Look." } };
        using var dewy = new DewyRun { Engine = new FakeEngine { Rollback = failed } };

        Assert.Equal(ExitCode.DeploymentFailed, await dewy.RunAsync("rollback"));

        Assert.Equal("dewy rollback: v1.2.2 could not be put back: It died. Look.", dewy.Error.TrimEnd());
    }

    [Theory]
    [InlineData("pause", "pause /srv/app by=alice", "Deploying in /srv/app is paused until you say `dewy resume`.")]
    [InlineData("resume", "resume /srv/app", "Deploying in /srv/app goes on with the newest release.")]
    public async Task PauseAndResume_Root_IsToldWhatHolds(string command, string call, string answer)
    {
        using var dewy = new DewyRun();

        Assert.Equal(ExitCode.Ok, await dewy.RunAsync(command, "--root", "/srv/app"));

        Assert.Equal([call], dewy.Engine.Calls);
        Assert.Equal(answer, dewy.Output.TrimEnd());
    }
}

using System.Net;
using System.Text.Json.Nodes;
using Dewy.Engine.Containers;
using Dewy.Engine.Replicas;
using Xunit;

namespace Dewy.Engine.Tests.Containers;

/// <summary>Against a real engine.</summary>
public sealed class ContainerHostTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private ContainerLab _lab = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _lab = await ContainerLab.OpenAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task Start_OfAnImageThatIsNotHere_PullsAndServesIt()
    {
        var artifact = await _lab.PublishAsync("v1.0.0");
        await using var host = await _lab.OpenHostAsync();

        var replica = await host.StartAsync(ContainerLab.ReleaseOf(artifact), 2, Token);

        Assert.StartsWith("v1.0.0 ", await GetAsync(replica), StringComparison.Ordinal);
        Assert.Matches($"^{_lab.Application}-[0-9]+-2$", replica.Name);
        Assert.Equal((2, "v1.0.0", true, false), (replica.Number, replica.Release.Tag, replica.IsAsConfigured, replica.Ended.IsCompleted));
        Assert.Equal([typeof(ImagePullStarted), typeof(ImagePulled), typeof(ReplicaStarting), typeof(ReplicaStarted)], _lab.Events.Events.Select(seen => seen.GetType()).Where(type => type != typeof(ImagePullProgressed)));
        Assert.Equal((replica.EndPoints[0].ToString(), 8080), (Assert.Single(_lab.Events.Of<ReplicaStarted>()).Address, _lab.Events.Of<ReplicaStarted>().First().Port));
    }

    [Fact]
    public async Task Start_MakesTheContainer_ByDigestOnLoopbackWithLabelsAndNeverRoot()
    {
        var artifact = await _lab.PublishAsync("v1.0.0");
        await using var host = await _lab.OpenHostAsync();

        var replica = await host.StartAsync(ContainerLab.ReleaseOf(artifact), 0, Token);
        var container = await InspectAsync(replica);
        var labels = container["Config"]!["Labels"]!; // an engine always has them

        Assert.Equal(artifact.Image, (string?)container["Config"]!["Image"]); // the same
        Assert.Equal("127.0.0.1", (string?)container["HostConfig"]!["PortBindings"]!["8080/tcp"]![0]!["HostIp"]); // the same
        Assert.Equal("no", (string?)container["HostConfig"]!["RestartPolicy"]!["Name"]); // the same
        Assert.Equal(ContainerUser.Default(), (string?)container["Config"]!["User"]); // the same
        Assert.DoesNotMatch("^0(:|$)", ContainerUser.Default() ?? "");
        Assert.Equal(
            ("true", _lab.Application, "v1.0.0", "0", "2026-01-02T03:04:05Z", artifact.Digest?.ToString()),
            ((string?)labels["dewy.managed"], (string?)labels["dewy.app"], (string?)labels["dewy.version"], (string?)labels["dewy.replica"], (string?)labels["dewy.deployed_at"], (string?)labels["dewy.digest"]));
    }

    [Fact]
    public async Task Start_UserOfTheImage_IsKept()
    {
        var artifact = await _lab.PublishAsync("v1.0.0", "EXPOSE 8080\nUSER 1234:1234\nCMD [\"/bin/busybox\", \"sleep\", \"600\"]");
        await using var host = await _lab.OpenHostAsync();

        var replica = await host.StartAsync(ContainerLab.ReleaseOf(artifact), 0, Token);

        Assert.Equal("1234:1234", (string?)(await InspectAsync(replica))["Config"]!["User"]); // an engine always has it
    }

    [Fact]
    public async Task Start_SeveralPorts_HasAnAddressForEach()
    {
        var artifact = await _lab.PublishAsync("v1.0.0", "EXPOSE 8080 9000\nCMD [\"/bin/busybox\", \"sleep\", \"600\"]");
        await using var host = await _lab.OpenHostAsync(ports: [9000, 8080, 9000]);

        var replica = await host.StartAsync(ContainerLab.ReleaseOf(artifact), 0, Token);

        Assert.Equal(3, replica.EndPoints.Count);
        Assert.Equal(replica.EndPoints[0], replica.EndPoints[2]);
        Assert.NotEqual(replica.EndPoints[0], replica.EndPoints[1]);
    }

    [Theory]
    [InlineData("EXPOSE 8080 9000", "8080, 9000")]
    [InlineData("EXPOSE 53/udp", "exposes no TCP port")]
    public async Task Start_PortThatCannotBeTold_IsAnErrorThatLists(string expose, string told)
    {
        var artifact = await _lab.PublishAsync("v1.0.0", $"{expose}\nCMD [\"/bin/busybox\", \"sleep\", \"600\"]");
        await using var host = await _lab.OpenHostAsync();

        var failure = await Assert.ThrowsAsync<DewyException>(() => host.StartAsync(ContainerLab.ReleaseOf(artifact), 0, Token));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        Assert.Contains(told, failure.Message, StringComparison.Ordinal);
        Assert.Contains("--container-port", failure.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_Options_ReachTheProgram()
    {
        var artifact = await _lab.PublishAsync("v1.0.0");
        var options = new ContainerOptions
        {
            Port = 8080,
            Command = ["/bin/busybox", "sh", "-c", "echo $GREETING > /tmp/index.html; id -u >> /tmp/index.html; exec /bin/busybox httpd -f -p 8080 -h /tmp"],
            RunArguments = ["-e", "GREETING=hello", "--user", "4321", "--tmpfs", "/tmp:mode=1777", "--read-only", "--memory", "64m", "--init"],
        };
        await using var host = await _lab.OpenHostAsync(options);

        var replica = await host.StartAsync(ContainerLab.ReleaseOf(artifact), 0, Token);

        Assert.StartsWith("hello", await GetAsync(replica), StringComparison.Ordinal);
        Assert.Equal(64L << 20, (long?)(await InspectAsync(replica))["HostConfig"]!["Memory"]); // an engine always has it
    }

    [Fact]
    public async Task Start_ProgramThatIsNotThere_FailsAndLeavesNothing()
    {
        var artifact = await _lab.PublishAsync("v1.0.0");
        await using var host = await _lab.OpenHostAsync(new ContainerOptions { Command = ["/bin/nothing"] });

        var failure = await Assert.ThrowsAsync<DewyException>(() => host.StartAsync(ContainerLab.ReleaseOf(artifact), 0, Token));

        Assert.Equal((ErrorCode.StartFailed, "start"), (failure.Code, failure.Phase));
        Assert.Contains("/bin/nothing", failure.Message, StringComparison.Ordinal);
        Assert.Empty(await _lab.ContainersAsync());
    }

    [Fact]
    public async Task Start_UnknownNetwork_FailsAndLeavesNothing()
    {
        var artifact = await _lab.PublishAsync("v1.0.0");
        await using var host = await _lab.OpenHostAsync(new ContainerOptions { RunArguments = ["--network", "bridge", "--network", "dewytest-nowhere"] });

        var failure = await Assert.ThrowsAsync<DewyException>(() => host.StartAsync(ContainerLab.ReleaseOf(artifact), 0, Token));

        Assert.Contains("docker network create", failure.NextStep, StringComparison.Ordinal);
        Assert.Empty(await _lab.ContainersAsync());
    }

    [Fact]
    public async Task Start_Cancelled_LeavesNothing()
    {
        var artifact = await _lab.PublishAsync("v1.0.0");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await using var host = await _lab.OpenHostAsync();
        var starting = host.StartAsync(ContainerLab.ReleaseOf(artifact), 0, cancel.Token);
        await _lab.Events.WaitForAsync<ReplicaStarting>();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);

        Assert.Empty(await _lab.ContainersAsync());
    }

    [Fact]
    public async Task Start_NameIsTaken_TakesTheNextAndLeavesTheOtherAlone()
    {
        var artifact = await _lab.PublishAsync("v1.0.0");
        _lab.Time = new StoppedClock();
        await using var host = await _lab.OpenHostAsync();
        await _lab.Images().PullAsync(artifact, "v1.0.0", Token);
        var taken = $"{_lab.Application}-{_lab.Time.GetUtcNow().ToUnixTimeSeconds()}-0";
        var foreign = await DockerCommand.RunAsync(Token, "create", "--name", taken, "--label", _lab.Label, artifact.Image ?? "");

        var replica = await host.StartAsync(ContainerLab.ReleaseOf(artifact), 0, Token);

        Assert.Equal($"{_lab.Application}-{_lab.Time.GetUtcNow().ToUnixTimeSeconds() + 1}-0", replica.Name);
        Assert.Equal(foreign, await DockerCommand.RunAsync(Token, "inspect", "--format", "{{.Id}}", taken));
    }

    [Fact]
    public async Task Ended_ProgramThatEnds_TellsCodeAndLastLinesWithoutSecrets()
    {
        var artifact = await _lab.PublishAsync("v1.0.0");
        var options = new ContainerOptions { Command = ["/bin/busybox", "sh", "-c", "echo out; echo \"err $DB_PASSWORD\" >&2; while [ ! -e /tmp/end ]; do /bin/busybox sleep 0.05; done; exit 3"], RunArguments = ["-e", "DB_PASSWORD=hunter2222", "--tmpfs", "/tmp"] };
        await using var host = await _lab.OpenHostAsync(options);
        var replica = await host.StartAsync(ContainerLab.ReleaseOf(artifact), 0, Token);
        await EventuallyAsync(async () => (await replica.ReadLastOutputAsync(Token)).Contains("err", StringComparison.Ordinal));
        await DockerCommand.RunAsync(Token, "exec", "--user", "0", replica.Id, "/bin/busybox", "touch", "/tmp/end");

        var exit = await replica.Ended.WaitAsync(Soon, Token);

        Assert.Equal((3, false), (exit.Code, exit.Expected));
        Assert.Equal(["err ***", "out"], exit.LastOutput.Split('\n').Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Start_ProgramThatEndsAtOnce_IsToldWithItsLines()
    {
        var artifact = await _lab.PublishAsync("v1.0.0");
        await using var host = await _lab.OpenHostAsync(new ContainerOptions { Command = ["/bin/busybox", "sh", "-c", "echo no config; exit 7"] });

        string told;
        try
        {
            // Whether the engine still sees it run is a matter of microseconds.
            var exit = await (await host.StartAsync(ContainerLab.ReleaseOf(artifact), 0, Token)).Ended.WaitAsync(Soon, Token);
            told = $"{exit} {exit.LastOutput}";
        }
        catch (DewyException failure)
        {
            Assert.Equal(ErrorCode.ContainerExited, failure.Code);
            Assert.Empty(await _lab.ContainersAsync());
            told = failure.Message;
        }

        Assert.Contains("code 7", told, StringComparison.Ordinal);
        Assert.Contains("no config", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(137, "kill")]
    [InlineData(null, "rm", "--force")]
    public async Task Ended_ContainerKilledOrRemovedByHand_IsNoticed(int? code, params string[] command)
    {
        var artifact = await _lab.PublishAsync("v1.0.0");
        await using var host = await _lab.OpenHostAsync();
        var replica = await host.StartAsync(ContainerLab.ReleaseOf(artifact), 0, Token);

        await DockerCommand.RunAsync(Token, [.. command, replica.Id]);
        var exit = await replica.Ended.WaitAsync(Soon, Token);

        Assert.False(exit.Expected);
        Assert.True(exit.Code == code || (code is null && exit.Code is 137));
        Assert.Equal(ReplicaState.Exited, replica.Describe().State);
    }

    [Fact]
    public async Task Ended_EngineIsAway_WaitsForItAndGoesOn()
    {
        var artifact = await _lab.PublishAsync("v1.0.0");
        using var relay = new EngineRelay();
        _lab.Environment["DOCKER_HOST"] = relay.Address;
        await using var host = await _lab.OpenHostAsync();
        var replica = await host.StartAsync(ContainerLab.ReleaseOf(artifact), 0, Token);

        relay.Cut();
        var failure = await Assert.ThrowsAsync<DewyException>(() => host.FindAsync(Token));
        Assert.Null(await replica.AskItselfAsync(Token));
        Assert.False(replica.Ended.IsCompleted);
        relay.Restore();
        await DockerCommand.RunAsync(Token, "kill", replica.Id);

        Assert.Equal(ErrorCode.EngineUnavailable, failure.Code);
        Assert.Equal(137, (await replica.Ended.WaitAsync(Soon, Token)).Code);
    }

    [Fact]
    public async Task AskItself_PausedContainer_IsNotHealthyUntilItGoesOn()
    {
        var artifact = await _lab.PublishAsync("v1.0.0");
        await using var host = await _lab.OpenHostAsync();
        var replica = await host.StartAsync(ContainerLab.ReleaseOf(artifact), 0, Token);
        Assert.Null(await replica.AskItselfAsync(Token));

        await DockerCommand.RunAsync(Token, "pause", replica.Id);
        Assert.False(await replica.AskItselfAsync(Token));
        Assert.Equal("it is paused", replica.Describe().Problem);
        Assert.False(replica.Ended.IsCompleted);
        await DockerCommand.RunAsync(Token, "unpause", replica.Id);

        Assert.Null(await replica.AskItselfAsync(Token));
    }

    [Fact]
    public async Task AskItself_HealthCheck_IsItsAnswer()
    {
        var artifact = await _lab.PublishAsync("v1.0.0", "EXPOSE 8080\nHEALTHCHECK --interval=1s --retries=1 CMD [\"/bin/busybox\", \"test\", \"-e\", \"/tmp/well\"]\nCMD [\"/bin/busybox\", \"sleep\", \"600\"]");
        await using var host = await _lab.OpenHostAsync(new ContainerOptions { RunArguments = ["--tmpfs", "/tmp"] });
        var replica = await host.StartAsync(ContainerLab.ReleaseOf(artifact), 0, Token);

        await EventuallyAsync(async () => await replica.AskItselfAsync(Token) is false && replica.Describe().Problem is "its HEALTHCHECK fails");
        await DockerCommand.RunAsync(Token, "exec", "--user", "0", replica.Id, "/bin/busybox", "touch", "/tmp/well");

        await EventuallyAsync(async () => await replica.AskItselfAsync(Token) is true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stop_ProgramThatIgnoresTerm_IsKilledAndRemovedWithItsVolumes(bool paused)
    {
        var artifact = await _lab.PublishAsync("v1.0.0", "EXPOSE 8080\nVOLUME /data\nCMD [\"/bin/busybox\", \"sleep\", \"600\"]"); // as process 1 it does not hear TERM
        await using var host = await _lab.OpenHostAsync();
        var replica = await host.StartAsync(ContainerLab.ReleaseOf(artifact), 0, Token);
        var volume = (string?)(await InspectAsync(replica))["Mounts"]![0]!["Name"] ?? ""; // the image has one
        if (paused)
            await DockerCommand.RunAsync(Token, "pause", replica.Id);

        await replica.StopAsync(Token);
        await replica.StopAsync(Token); // gone: nothing to do

        Assert.Equal((true, 137), ((await replica.Ended.WaitAsync(Soon, Token)).Expected, (await replica.Ended).Code));
        Assert.Empty(await _lab.ContainersAsync());
        Assert.Equal("", await DockerCommand.RunAsync(Token, "volume", "ls", "--quiet", "--filter", $"name={volume}"));
        Assert.Empty(await host.FindAsync(Token));
    }

    [Fact]
    public async Task Find_AnotherAgentsContainers_AreAdoptedAsTheyAre()
    {
        var artifact = await _lab.PublishAsync("v1.0.0");
        var release = ContainerLab.ReleaseOf(artifact);
        var first = await _lab.OpenHostAsync();
        var started = await first.StartAsync(release, 1, Token);
        await _lab.CloseAsync(first);

        await using var second = await _lab.OpenHostAsync();
        var found = Assert.Single(await second.FindAsync(Token));

        Assert.Equal((started.Id, started.Name, 1, release, started.StartedAt, true), (found.Id, found.Name, found.Number, found.Release, found.StartedAt, found.IsAsConfigured));
        Assert.Equal(started.EndPoints, found.EndPoints);
        Assert.Same(found, Assert.Single(await second.FindAsync(Token)));
        await DockerCommand.RunAsync(Token, "kill", found.Id);
        Assert.Equal(137, (await found.Ended.WaitAsync(Soon, Token)).Code);
    }

    [Fact]
    public async Task Find_StartedWithOtherOptions_IsNotAsConfigured()
    {
        var artifact = await _lab.PublishAsync("v1.0.0");
        var first = await _lab.OpenHostAsync(new ContainerOptions { RunArguments = ["-e", "PIN_TOKEN=1234"] });
        await first.StartAsync(ContainerLab.ReleaseOf(artifact), 0, Token);
        await _lab.CloseAsync(first);

        await using var second = await _lab.OpenHostAsync(new ContainerOptions { RunArguments = ["-e", "PIN_TOKEN=1235"] });

        Assert.False(Assert.Single(await second.FindAsync(Token)).IsAsConfigured);
    }

    [Fact]
    public async Task Find_ContainerThatHadEnded_IsToldOnce()
    {
        var artifact = await _lab.PublishAsync("v1.0.0");
        var first = await _lab.OpenHostAsync();
        var started = await first.StartAsync(ContainerLab.ReleaseOf(artifact), 0, Token);
        await _lab.CloseAsync(first);
        await DockerCommand.RunAsync(Token, "kill", started.Id);

        await using var second = await _lab.OpenHostAsync();
        var found = Assert.Single(await second.FindAsync(Token));

        Assert.Equal(137, (await found.Ended.WaitAsync(TimeSpan.Zero, Token)).Code);
        Assert.Empty(await second.FindAsync(Token));
        await found.StopAsync(Token);
        Assert.Empty(await _lab.ContainersAsync());
    }

    [Fact]
    public async Task Find_ContainerThatWasStartedAgain_IsAnotherReplica()
    {
        var artifact = await _lab.PublishAsync("v1.0.0");
        await using var host = await _lab.OpenHostAsync();
        var replica = await host.StartAsync(ContainerLab.ReleaseOf(artifact), 0, Token);

        await DockerCommand.RunAsync(Token, "restart", "--time", "0", replica.Id);
        await replica.Ended.WaitAsync(Soon, Token);
        Assert.Same(replica, Assert.Single(await host.FindAsync(Token)));
        var again = Assert.Single(await host.FindAsync(Token));

        Assert.Equal(replica.Id, again.Id);
        Assert.False(again.Ended.IsCompleted);
        Assert.StartsWith("v1.0.0 ", await GetAsync(again), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_MadeButNeverStarted_IsRemovedAndOthersAreLeftAlone()
    {
        var artifact = await _lab.PublishAsync("v1.0.0");
        await _lab.Images().PullAsync(artifact, "v1.0.0", Token);
        string[] make = ["create", "--label", _lab.Label];
        await DockerCommand.RunAsync(Token, [.. make, "--label", "dewy.managed=true", "--label", $"dewy.app={_lab.Application}", artifact.Image ?? ""]);
        await DockerCommand.RunAsync(Token, [.. make, "--name", $"{_lab.Application}-a", "--label", "dewy.managed=true", "--label", $"dewy.app={_lab.Application}-2", artifact.Image ?? ""]);
        await DockerCommand.RunAsync(Token, [.. make, "--name", $"{_lab.Application}-b", "--label", $"dewy.app={_lab.Application}", artifact.Image ?? ""]);

        await using var host = await _lab.OpenHostAsync();

        Assert.Empty(await host.FindAsync(Token));
        Assert.Equal([$"{_lab.Application}-a", $"{_lab.Application}-b"], (await _lab.ContainersAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Open_PortsHaveChanged_StopsWhatCannotServeThem()
    {
        var artifact = await _lab.PublishAsync("v1.0.0");
        var first = await _lab.OpenHostAsync();
        await first.StartAsync(ContainerLab.ReleaseOf(artifact), 0, Token);
        await _lab.CloseAsync(first);

        await using var second = await _lab.OpenHostAsync(ports: [null, 9000]);

        Assert.Empty(await second.FindAsync(Token));
        Assert.Empty(await _lab.ContainersAsync());
    }

    [Fact]
    public async Task Open_AnotherAgentHasTheName_IsLocked()
    {
        await using var first = await _lab.OpenHostAsync();

        var failure = await Assert.ThrowsAsync<DewyException>(() => _lab.Host().OpenAsync(Token));

        Assert.Equal(ErrorCode.RootLocked, failure.Code);
        Assert.Contains($"process {Environment.ProcessId}", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<JsonNode> InspectAsync(IReplica replica) =>
        JsonNode.Parse(await DockerCommand.RunAsync(Token, "inspect", replica.Id))![0]!; // an array of one

    private static async Task<string> GetAsync(IReplica replica)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://{replica.EndPoints[0]}/") };
        var text = "";
        await EventuallyAsync(async () =>
        {
            try
            {
                text = await client.GetStringAsync(new Uri("/", UriKind.Relative), Token);
                return true;
            }
            catch (HttpRequestException exception) when (exception.StatusCode is null or HttpStatusCode.NotFound)
            {
                return false; // it is not listening yet
            }
        });
        return text;
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Soon);
        while (!await condition())
            await timer.WaitForNextTickAsync(limit.Token);
    }

    /// <summary>It is always the same second; time limits work all the same.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        private readonly DateTimeOffset _now = System.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => _now;
    }
}

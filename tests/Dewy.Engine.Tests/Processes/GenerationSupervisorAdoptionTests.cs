using Dewy.Engine.Processes;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Processes;

/// <summary>A supervisor that is disposed of without being closed is an agent that died: it ends nothing and says nothing.</summary>
public class GenerationSupervisorAdoptionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("unix")]
    public async Task OpenAsync_TheLiveReleaseStillRuns_AdoptsItAndLosesNoRequest(string listen)
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        root.Options = root.Options with { Listen = ListenAddress.ParseAll([listen is "unix" ? root.Combine("app.sock") : listen]), HealthPath = "/" };
        var release = root.Deploy("v1", ExamplePrograms.Server);
        var dead = await root.RunAsync(release, Cancel);
        var process = dead.Observe().Processes[0].ProcessId;
        await using var client = new SteadyClient(dead.Sockets[0].ConnectEndPoint);
        await dead.DisposeAsync();

        var supervisor = root.Supervisor();
        await supervisor.OpenAsync(release, Cancel);
        Assert.Equal("v1", supervisor.Observe().Running?.Tag);
        Assert.Equal(process, root.Events.Of<GenerationAdopted>().Single().ProcessId);
        await supervisor.ReplaceAsync(root.Deploy("v2", ExamplePrograms.Server), "deploy", Cancel);
        await Eventually.IsTrueAsync(() => supervisor.Observe().Processes is [{ Tag: "v2", Generation: 2 }], "only the new one runs");
        await Eventually.IsTrueAsync(() => client.Answers.Any(answer => answer.StartsWith("v2", StringComparison.Ordinal)), "the new one answers");
        await client.StopAsync();

        Assert.Empty(client.Failures);
        await supervisor.CloseAsync();
        Assert.False(File.Exists(root.Combine("app.sock")));
    }

    [Fact]
    public async Task OpenAsync_AnotherReleaseStillRuns_EndsItButKeepsItsSocket()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        var live = root.Deploy("v1", ExamplePrograms.Server);
        var dead = await root.RunAsync(root.Deploy("v2", ExamplePrograms.Server), Cancel);
        await using var client = new SteadyClient(dead.Sockets[0].ConnectEndPoint);
        await dead.DisposeAsync();
        root.PointTo(live);

        var supervisor = root.Supervisor();
        await supervisor.OpenAsync(live, Cancel);
        Assert.Null(supervisor.Observe().Running);
        await root.Events.WaitForAsync<GenerationExited>(exited => exited is { Tag: "v2" });
        await supervisor.ReplaceAsync(live, "start", Cancel);
        await Eventually.IsTrueAsync(() => client.Answers.Any(answer => answer.StartsWith("v1", StringComparison.Ordinal)), "the live one answers");
        await client.StopAsync();

        Assert.Empty(client.Failures);
        Assert.Empty(root.Events.Of<AttentionNeeded>());
    }

    [Fact]
    public async Task OpenAsync_TheSocketCannotBeTaken_EndsTheSurvivorAndSaysSo()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        var release = root.Deploy("v1", "require POSIX; POSIX::close(3); sleep 1 while 1;");
        var dead = await root.RunAsync(release, Cancel);
        var spec = dead.Sockets[0].Address.Spec;
        await dead.DisposeAsync();
        root.Options = root.Options with { Listen = ListenAddress.ParseAll([spec]) };

        var supervisor = root.Supervisor();
        await supervisor.OpenAsync(release, Cancel);

        Assert.Null(supervisor.Observe().Running);
        Assert.Equal(spec, Assert.Single(supervisor.Sockets).Address.Spec);
        Assert.Contains("could not be taken over", Assert.Single(root.Events.Of<AttentionNeeded>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_TheLiveReleaseIsUnhealthy_IsNotAdopted()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        var release = root.Deploy("v1", ExamplePrograms.Server);
        var dead = await root.RunAsync(release, Cancel);
        await dead.DisposeAsync();
        root.Options = root.Options with { HealthPath = "/bad", HealthTimeout = TimeSpan.FromSeconds(2) };

        var supervisor = root.Supervisor();
        await supervisor.OpenAsync(release, Cancel);

        Assert.Null(supervisor.Observe().Running);
        await root.Events.WaitForAsync<GenerationExited>();
        Assert.Contains("503 Not Now", Assert.Single(root.Events.Of<AttentionNeeded>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_TheCommandHasChanged_IsNotAdopted()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        var release = root.Deploy("v1", ExamplePrograms.Server);
        await (await root.RunAsync(release, Cancel)).DisposeAsync();
        root.Options = root.Options with { Command = [.. root.Options.Command, "--more"] };

        var supervisor = root.Supervisor();
        await supervisor.OpenAsync(release, Cancel);

        Assert.Null(supervisor.Observe().Running);
    }

    [Fact]
    public async Task OpenAsync_TheAgentDiedDuringAReplacement_AdoptsTheOldOneAndEndsTheNewOne()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        root.Options = root.Options with { HealthPath = "/", HealthTimeout = TimeSpan.FromMinutes(10) };
        var release = root.Deploy("v1", ExamplePrograms.Server);
        var dead = await root.RunAsync(release, Cancel);
        using var death = new CancellationTokenSource();
        var replacing = dead.ReplaceAsync(root.Deploy("v2", ExamplePrograms.Deaf), "deploy", death.Token);
        await root.Events.WaitForAsync<GenerationStarted>(started => started is { Tag: "v2" });
        await dead.DisposeAsync();
        await death.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => replacing);
        root.PointTo(release);

        var supervisor = root.Supervisor();
        await supervisor.OpenAsync(release, Cancel);

        Assert.Equal("v1", supervisor.Observe().Running?.Tag);
        await Eventually.IsTrueAsync(() => supervisor.Observe().Processes is [{ Tag: "v1" }], "the half-deployed one is gone");
    }

    [Fact]
    public async Task Observe_AnAdoptedProgramEnds_IsACrash()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        var release = root.Deploy("v1", ExamplePrograms.Server);
        await (await root.RunAsync(release, Cancel)).DisposeAsync();
        var supervisor = root.Supervisor();
        await supervisor.OpenAsync(release, Cancel);

        _ = Libc.Kill(supervisor.Observe().Processes[0].ProcessId, 9);
        await supervisor.WaitForChangeAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        Assert.Equal(1, supervisor.Observe().Crashes);
        Assert.Contains("v1 listens", supervisor.Observe().LastExit?.LastOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CloseAsync_LeaveOnExit_LeavesItForTheNextAgent()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        root.Options = root.Options with { LeaveOnExit = true, Listen = ListenAddress.ParseAll([root.Combine("app.sock")]) };
        var release = root.Deploy("v1", ExamplePrograms.Server);
        var first = await root.RunAsync(release, Cancel);
        await using var client = new SteadyClient(first.Sockets[0].ConnectEndPoint);

        await first.CloseAsync();
        await first.DisposeAsync();
        var second = root.Supervisor();
        await second.OpenAsync(release, Cancel);
        await client.StopAsync();

        Assert.Empty(client.Failures);
        Assert.Equal("v1", second.Observe().Running?.Tag);
        Assert.Empty(root.Events.Of<GenerationExited>());
    }

    [Fact]
    public async Task OpenAsync_TheProcessIdBelongsToAStrangerNow_LeavesItAlone()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        var release = root.Deploy("v1", ExamplePrograms.Server);
        await using var stranger = Children.Starter.Start(Children.Shell("exec sleep 60"));
        try
        {
            var first = await root.RunAsync(release, Cancel);
            await first.CloseAsync();
            new RunRecord(root.Combine(".dewy", "processes.json")).Put(new GenerationRecord
            {
                Generation = 1, ProcessId = stranger.Id, Identity = "another boot:1", Tag = "v1", Key = release.Key, Directory = release.Directory,
                DeployedAt = release.DeployedAt, DeploymentId = release.DeploymentId, StartedAt = DateTimeOffset.UnixEpoch, OutputFile = root.Combine("log"),
            });

            var supervisor = root.Supervisor();
            await supervisor.OpenAsync(release, Cancel);
            await supervisor.CloseAsync();

            Assert.False(stranger.Exited.IsCompleted);
        }
        finally
        {
            stranger.Signal(9);
        }
    }

    [Fact]
    public async Task OpenAsync_MainProcessOfASurvivorIsGone_EndsItsChildren()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        var dead = await root.RunAsync(root.Deploy("v1", "fork; sleep 1 while 1;"), Cancel);
        var main = dead.Observe().Processes[0].ProcessId;
        await Eventually.IsTrueAsync(() => ProcessTable.MembersOf(main).Count == 2, "it has forked");
        await dead.DisposeAsync();
        _ = Libc.Kill(main, 9);
        await Eventually.IsTrueAsync(() => !Directory.Exists($"/proc/{main}"), "the main process is gone");
        Assert.True(ProcessTable.HasLiving(main));

        await root.Supervisor().OpenAsync(live: null, Cancel);

        await Eventually.IsTrueAsync(() => !ProcessTable.HasLiving(main), "its child is ended");
    }

    [Fact]
    public async Task OpenAsync_TheRecordIsDamaged_SetsItAsideAndSaysSo()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        Directory.CreateDirectory(root.Combine(".dewy"));
        await File.WriteAllTextAsync(root.Combine(".dewy", "processes.json"), "{\"generations\":", Cancel);

        await root.Supervisor().OpenAsync(live: null, Cancel);

        Assert.True(File.Exists(root.Combine(".dewy", "processes.json.corrupt")));
        Assert.Single(root.Events.Of<AttentionNeeded>());
    }

    [Fact]
    public async Task OpenAsync_AStrangerHasThePort_IsAnError()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        using var stranger = ListeningSocket.Open(ListenAddress.ParseAll(["127.0.0.1:0"])[0]);
        root.Options = root.Options with { Listen = [stranger.Address] };

        var failure = await Assert.ThrowsAsync<DewyException>(() => root.Supervisor().OpenAsync(live: null, Cancel));

        Assert.Equal(ErrorCode.PortInUse, failure.Code);
    }
}

using Dewy.Engine.Processes;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Processes;

public class GenerationSupervisorCrashTests
{
    private const string DiesSoon = "print STDERR \"out of luck\\n\"; select(undef, undef, undef, 0.4); exit 7;";

    private const string SlowToEnd = "$SIG{TERM} = sub { select(undef, undef, undef, 0.5); exit 0 }; sleep 1 while 1;";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Observe_EndedAfterItWasReady_IsACrashWithExitAndOutput()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        var supervisor = await root.RunAsync(root.Deploy("v1", DiesSoon), Cancel);
        Assert.Equal("v1", supervisor.Observe().Running?.Tag);

        await supervisor.WaitForChangeAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        var observed = supervisor.Observe();
        Assert.Null(observed.Running);
        Assert.Equal(1, observed.Crashes);
        Assert.Equal((7, false, "out of luck"), (observed.LastExit?.Code, observed.LastExit?.Expected, observed.LastExit?.LastOutput));
        Assert.NotNull(observed.LastExitAt);
    }

    [Fact]
    public async Task ReplaceAsync_AfterACrash_AnswersConnectionsThatWaited()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        var release = root.Deploy("v1", ExamplePrograms.Server);
        var supervisor = await root.RunAsync(release, Cancel);
        _ = Libc.Kill(supervisor.Observe().Processes[0].ProcessId, 9);
        await supervisor.WaitForChangeAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        await using var client = new SteadyClient(supervisor.Sockets[0].ConnectEndPoint);
        await supervisor.ReplaceAsync(release, "crash", Cancel);
        await Eventually.IsTrueAsync(() => !client.Answers.IsEmpty, "somebody answers");
        await client.StopAsync();

        Assert.Empty(client.Failures);
        Assert.Equal(1, supervisor.Observe().Crashes);
        Assert.Null(supervisor.Observe().LastExit);
    }

    [Fact]
    public async Task ReplaceAsync_CrashAfterCrash_CountsUntilAnotherReleaseRuns()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        var release = root.Deploy("v1", DiesSoon);
        var supervisor = await root.RunAsync(release, Cancel);
        await supervisor.WaitForChangeAsync(Cancel);
        await supervisor.ReplaceAsync(release, "crash", Cancel);
        await supervisor.WaitForChangeAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        Assert.Equal(2, supervisor.Observe().Crashes);
        root.Deploy("v1", ExamplePrograms.Failing);
        await Assert.ThrowsAsync<DewyException>(() => supervisor.ReplaceAsync(release, "crash", Cancel));
        Assert.Equal(3, supervisor.Observe().Crashes);

        await supervisor.ReplaceAsync(root.Deploy("v2", ExamplePrograms.Server), "deploy", Cancel);

        Assert.Equal(0, supervisor.Observe().Crashes);
    }

    [Fact]
    public async Task Observe_MainProcessCrashed_ItsChildrenAreEnded()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        var supervisor = await root.RunAsync(root.Deploy("v1", "fork; sleep 1 while 1;"), Cancel);
        var main = supervisor.Observe().Processes[0].ProcessId;
        await Eventually.IsTrueAsync(() => ProcessTable.MembersOf(main).Count == 2, "it has forked");

        _ = Libc.Kill(main, 9);

        await Eventually.IsTrueAsync(() => !ProcessTable.HasLiving(main), "its child is ended, too");
    }

    [Fact]
    public async Task CloseAsync_Stops_EndsTheProgramAndClosesAndRemovesTheSockets()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        var path = root.Combine("app.sock");
        root.Options = root.Options with { Listen = ListenAddress.ParseAll(["127.0.0.1:0", path]) };
        var supervisor = await root.RunAsync(root.Deploy("v1", ExamplePrograms.Server), Cancel);
        var address = supervisor.Sockets[0].Address;
        var socket = Assert.Single(ListeningTable.Find("self", address));
        Assert.True(File.Exists(path));

        await supervisor.CloseAsync();

        Assert.True(Assert.Single(root.Events.Of<GenerationExited>()).Exit is { Expected: true, Code: 0 });
        Assert.Empty(supervisor.Observe().Processes);
        Assert.False(File.Exists(path));
        // By its inode, because a test beside this one may get the same port at once.
        await Eventually.IsTrueAsync(() => !ListeningTable.Find("self", address).Contains(socket), "nobody holds the socket");
    }

    [Fact]
    public async Task CloseAsync_WhileTheOldOneWaitsForItsDelay_EndsBothOnce()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        root.Options = root.Options with { KillOldDelay = TimeSpan.FromMinutes(10) };
        var supervisor = await root.RunAsync(root.Deploy("v1", SlowToEnd), Cancel);
        await supervisor.ReplaceAsync(root.Deploy("v2", SlowToEnd), "deploy", Cancel);
        Assert.Equal(2, supervisor.Observe().Processes.Count);

        await supervisor.CloseAsync().WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        Assert.Equal(["v1", "v2"], root.Events.Of<GenerationExited>().Select(exited => exited.Tag).Order(StringComparer.Ordinal).ToArray());
        Assert.Equal(2, root.Events.Of<GenerationStopping>().Count());
    }
}

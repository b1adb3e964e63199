using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Processes;

public class GenerationSupervisorWorkerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReplaceAsync_Worker_StopsTheOldOneFirst()
    {
        Require.Unix();
        await using var root = new SupervisedRoot();
        root.Options = root.Options with { Listen = [] };
        var supervisor = await root.RunAsync(root.Deploy("v1", ExamplePrograms.Worker), Cancel);

        await supervisor.ReplaceAsync(root.Deploy("v2", ExamplePrograms.Worker), "deploy", Cancel);
        await supervisor.CloseAsync();

        Assert.Equal(["begin v1", "end v1", "begin v2", "end v2"], await NotesAsync(root));
    }

    [Fact]
    public async Task ReplaceAsync_OverlappingWorker_StartsTheNewOneFirst()
    {
        Require.Unix();
        await using var root = new SupervisedRoot();
        root.Options = root.Options with { Listen = [], Overlap = true };
        var supervisor = await root.RunAsync(root.Deploy("v1", ExamplePrograms.Worker), Cancel);

        await supervisor.ReplaceAsync(root.Deploy("v2", ExamplePrograms.Worker), "deploy", Cancel);
        await supervisor.CloseAsync();

        Assert.Equal(["begin v1", "begin v2"], (await NotesAsync(root))[..2]);
    }

    [Fact]
    public async Task ReplaceAsync_WorkerFails_TheOldReleaseRunsAgainThoughCurrentPointsElsewhere()
    {
        Require.Unix();
        await using var root = new SupervisedRoot();
        root.Options = root.Options with { Listen = [] };
        var supervisor = await root.RunAsync(root.Deploy("v1", ExamplePrograms.Worker), Cancel);

        var failure = await Assert.ThrowsAsync<DewyException>(() => supervisor.ReplaceAsync(root.Deploy("v2", ExamplePrograms.Failing), "deploy", Cancel));

        Assert.Equal(ErrorCode.StartFailed, failure.Code);
        Assert.Equal("v1", supervisor.Observe().Running?.Tag);
        await Eventually.IsTrueAsync(() => File.ReadAllLines(root.Combine("notes.txt")).Length == 3, "the old one runs again");
        Assert.Equal("begin v1", (await NotesAsync(root))[^1]);
    }

    [Fact]
    public async Task ReplaceAsync_OverlappingWorkerFails_TheOldOneNeverStops()
    {
        Require.Unix();
        await using var root = new SupervisedRoot();
        root.Options = root.Options with { Listen = [], Overlap = true };
        var supervisor = await root.RunAsync(root.Deploy("v1", ExamplePrograms.Worker), Cancel);

        await Assert.ThrowsAsync<DewyException>(() => supervisor.ReplaceAsync(root.Deploy("v2", ExamplePrograms.Failing), "deploy", Cancel));

        Assert.Equal("v1", supervisor.Observe().Running?.Tag);
        Assert.Equal(["begin v1"], await NotesAsync(root));
    }

    [Fact]
    public async Task ReplaceAsync_SaysReady_IsReadyAtOnce()
    {
        Require.Unix();
        await using var root = new SupervisedRoot();
        root.Options = root.Options with { Listen = [], StartWait = TimeSpan.FromMinutes(10) };

        var supervisor = await root.RunAsync(root.Deploy("v1", ExamplePrograms.Notifying("0:STATUS=warming up", "0.2:READY=1")), Cancel);

        Assert.Equal("v1", supervisor.Observe().Running?.Tag);
    }

    [Fact]
    public async Task ReplaceAsync_NotifiesButNeverReady_TimesOutWithItsStatus()
    {
        Require.Unix();
        await using var root = new SupervisedRoot();
        root.Options = root.Options with { Listen = [], StartWait = TimeSpan.FromSeconds(5), ReadyTimeout = TimeSpan.FromSeconds(1) };

        var failure = await Assert.ThrowsAsync<DewyException>(() => root.RunAsync(root.Deploy("v1", ExamplePrograms.Notifying("0:STATUS=migrating")), Cancel));

        Assert.Equal(ErrorCode.StartTimeout, failure.Code);
        Assert.Contains("Its last status: migrating.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReplaceAsync_AsksForPatience_GetsIt()
    {
        Require.Unix();
        await using var root = new SupervisedRoot();
        root.Options = root.Options with { Listen = [], StartWait = TimeSpan.FromSeconds(5), ReadyTimeout = TimeSpan.FromSeconds(0.1) };

        var supervisor = await root.RunAsync(root.Deploy("v1", ExamplePrograms.Notifying("0:EXTEND_TIMEOUT_USEC=60000000", "1:READY=1")), Cancel);

        Assert.Equal("v1", supervisor.Observe().Running?.Tag);
    }

    [Fact]
    public async Task Output_NoLogDirectory_IsPassedOnWithoutSecrets()
    {
        Require.Unix();
        await using var root = new SupervisedRoot();
        root.Options = root.Options with { Listen = [] };
        root.Redactor.Add("hunter2");
        await root.RunAsync(root.Deploy("v1", "print STDERR \"password=hunter2\\n\"; $| = 1; print \"hello\\n\"; sleep 1 while 1;"), Cancel);

        await root.Events.WaitForAsync<ApplicationOutput>(output => output is { Line: "hello", Generation: 1 });

        Assert.Contains(root.Events.Of<ApplicationOutput>(), output => output is { Line: "password=***" });
    }

    [Fact]
    public async Task Output_LogDirectory_IsKeptThereForAllGenerations()
    {
        Require.Unix();
        await using var root = new SupervisedRoot();
        root.Options = root.Options with { Listen = [], LogDirectory = root.Combine("logs") };
        const string program = "print STDERR \"$ENV{DEWY_TAG}\\n\"; sleep 1 while 1;";
        var supervisor = await root.RunAsync(root.Deploy("v1", program), Cancel);
        await supervisor.ReplaceAsync(root.Deploy("v2", program), "deploy", Cancel);

        await Eventually.IsTrueAsync(() => File.ReadAllText(root.Combine("logs", "example.log")) is "v1\nv2\n", "both have written there");
        Assert.Empty(root.Events.Of<ApplicationOutput>());
    }

    private static async Task<string[]> NotesAsync(SupervisedRoot root) => await File.ReadAllLinesAsync(root.Combine("notes.txt"), Cancel);
}

using Dewy.Engine.Processes;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Processes;

public class GenerationSupervisorReplaceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1:0", false)]
    [InlineData("127.0.0.1:0", true)]
    [InlineData("[::1]:0", true)]
    [InlineData("unix", true)]
    public async Task ReplaceAsync_UnderSteadyLoad_LosesNoRequest(string listen, bool checkHealth)
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        root.Options = root.Options with
        {
            Listen = ListenAddress.ParseAll([listen is "unix" ? root.Combine("app.sock") : listen]),
            HealthPath = checkHealth ? "/health" : null,
        };
        var supervisor = await root.RunAsync(root.Deploy("v0", ExamplePrograms.Server), Cancel);
        await using var client = new SteadyClient(supervisor.Sockets[0].ConnectEndPoint);

        const int replacements = 20;
        for (var version = 1; version <= replacements; version++)
            await supervisor.ReplaceAsync(root.Deploy($"v{version}", ExamplePrograms.Server), "deploy", Cancel);
        await Eventually.IsTrueAsync(() => supervisor.Observe().Processes.Count == 1, "only the newest runs");
        await Eventually.IsTrueAsync(() => client.Answers.Any(answer => answer.StartsWith($"v{replacements} ", StringComparison.Ordinal)), "the newest answers");
        await client.StopAsync();

        Assert.Empty(client.Failures);
        Assert.All(client.Answers, answer => Assert.Matches(@"^v(\d+) (?!0)\d+ \d+$", answer));
        Assert.All(client.Answers, answer => Assert.Equal(int.Parse(answer.Split(' ')[1]), int.Parse(answer.Split(' ')[0][1..]) + 1)); // tag and generation belong together
        Assert.Equal($"v{replacements}", supervisor.Observe().Running?.Tag);
        Assert.All(root.Events.Of<GenerationExited>(), exited => Assert.True(exited.Exit is { Expected: true, Code: 0 }));
    }

    [Theory]
    [InlineData("perl", ExamplePrograms.OneByOne)]
    [InlineData("python3", ExamplePrograms.ExclusiveInPython)]
    public async Task ReplaceAsync_HoweverTheProgramAccepts_HearsTheNewOneAmongTheOld(string interpreter, string program)
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        root.Options = root.Options with
        {
            Command = [Require.Program(interpreter), "./current/app.pl"],
            HealthPath = "/",
            HealthTimeout = TimeSpan.FromMinutes(2), // it is a matter of chance who takes a connection
            KillOldDelay = TimeSpan.FromMinutes(10),
            StopTimeout = TimeSpan.FromSeconds(1),
        };
        var supervisor = await root.RunAsync(root.Deploy("v1", program), Cancel);

        for (var version = 2; version <= 5; version++)
            await supervisor.ReplaceAsync(root.Deploy($"v{version}", program), "deploy", Cancel); // the old ones go on accepting

        Assert.Equal(5, supervisor.Observe().Processes.Count);
    }

    [Fact]
    public async Task ReplaceAsync_NewGenerationNeverAccepts_FailsThoughTheOldOneAnswers()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        root.Options = root.Options with { HealthPath = "/health", HealthTimeout = TimeSpan.FromSeconds(2) };
        var supervisor = await root.RunAsync(root.Deploy("v1", ExamplePrograms.Server), Cancel);
        var deaf = root.Deploy("v2", ExamplePrograms.Deaf);

        var failure = await Assert.ThrowsAsync<DewyException>(() => supervisor.ReplaceAsync(deaf, "deploy", Cancel));

        Assert.Equal(ErrorCode.HealthCheckFailed, failure.Code);
        Assert.Equal("health", failure.Phase);
        Assert.Contains("only what ran before answered: 200 OK", failure.Message, StringComparison.Ordinal);
        Assert.Equal("v1", supervisor.Observe().Running?.Tag);
        Assert.Single(supervisor.Observe().Processes);
    }

    [Fact]
    public async Task RunAsync_ProgramKnowsNothingOfItsSocket_TellsHowToListen()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        root.Options = root.Options with { HealthPath = "/health", HealthTimeout = TimeSpan.FromSeconds(1) };

        var failure = await Assert.ThrowsAsync<DewyException>(() => root.RunAsync(root.Deploy("v1", ExamplePrograms.Deaf), Cancel));

        Assert.Equal(ErrorCode.HealthCheckFailed, failure.Code);
        Assert.Contains("accepted no connection at http://127.0.0.1:", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--handoff proxy", failure.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ProgramAcceptsOnceAndHangs_IsNotTakenForOneThatNeverListens()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        root.Options = root.Options with { HealthPath = "/health", HealthTimeout = TimeSpan.FromSeconds(2) };

        var failure = await Assert.ThrowsAsync<DewyException>(() => root.RunAsync(root.Deploy("v1", ExamplePrograms.AcceptsOnce), Cancel));

        Assert.Equal(ErrorCode.HealthCheckFailed, failure.Code);
        Assert.Contains("was not healthy at http://127.0.0.1:", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("--handoff", failure.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ProgramOpensThePortItself_TellsHowToListen()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();

        var failure = await Assert.ThrowsAsync<DewyException>(() => root.RunAsync(root.Deploy("v1", "print STDERR \"Error: listen EADDRINUSE: address already in use :::8000\\n\"; exit 1;"), Cancel));

        Assert.Equal(ErrorCode.StartFailed, failure.Code);
        Assert.StartsWith("Dewy holds the port.", failure.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReplaceAsync_NeverHealthy_TellsTheLastAnswerAndLeavesTheOldOne()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        var supervisor = await root.RunAsync(root.Deploy("v1", ExamplePrograms.Server), Cancel);
        await supervisor.CloseAsync();
        root.Options = root.Options with { HealthPath = "/bad", HealthTimeout = TimeSpan.FromSeconds(3) };

        var failure = await Assert.ThrowsAsync<DewyException>(() => root.RunAsync(root.Deploy("v2", ExamplePrograms.Server), Cancel));

        Assert.Equal(ErrorCode.HealthCheckFailed, failure.Code);
        Assert.Contains("503 Not Now", failure.Message, StringComparison.Ordinal);
        Assert.Contains("v2 listens", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReplaceAsync_EndsAtOnce_TellsExitCodeAndOutputAndLeavesTheOldOne()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        root.Redactor.Add("users");
        var supervisor = await root.RunAsync(root.Deploy("v1", ExamplePrograms.Server), Cancel);

        var failure = await Assert.ThrowsAsync<DewyException>(() => supervisor.ReplaceAsync(root.Deploy("v2", ExamplePrograms.Failing), "deploy", Cancel));

        Assert.Equal(ErrorCode.StartFailed, failure.Code);
        Assert.Equal("start", failure.Phase);
        Assert.Contains("exited with code 3", failure.Message, StringComparison.Ordinal);
        Assert.Contains("no such table: ***", failure.Message, StringComparison.Ordinal);
        Assert.Equal("v1", supervisor.Observe().Running?.Tag);
        Assert.Equal(0, supervisor.Observe().Crashes);
    }

    [Fact]
    public async Task ReplaceAsync_AfterAFailedStart_CountsItAsAGeneration()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        var supervisor = await root.RunAsync(root.Deploy("v1", ExamplePrograms.Server), Cancel);
        await Assert.ThrowsAsync<DewyException>(() => supervisor.ReplaceAsync(root.Deploy("v2", ExamplePrograms.Failing), "deploy", Cancel));

        await supervisor.ReplaceAsync(root.Deploy("v3", ExamplePrograms.Server), "deploy", Cancel);

        Assert.Equal(3, root.Events.Of<GenerationReady>().Last().Generation);
    }

    [Fact]
    public async Task ReplaceAsync_Cancelled_EndsTheNewOneAndLeavesTheOldOne()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        root.Options = root.Options with { HealthPath = "/health" };
        var supervisor = await root.RunAsync(root.Deploy("v1", ExamplePrograms.Server), Cancel);
        using var giveUp = new CancellationTokenSource();

        var replacing = supervisor.ReplaceAsync(root.Deploy("v2", ExamplePrograms.Deaf), "deploy", giveUp.Token);
        await root.Events.WaitForAsync<GenerationStarted>(started => started is { Tag: "v2" });
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => replacing);
        Assert.Equal("v1", Assert.Single(supervisor.Observe().Processes).Tag);
    }

    [Fact]
    public async Task ReplaceAsync_OldOneIgnoresTheStopSignal_IsKilledWithItsChildrenMeanwhileTheNextIsReplaced()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        root.Options = root.Options with { StopTimeout = TimeSpan.FromSeconds(1) };
        var stubborn = "$SIG{TERM} = 'IGNORE'; my $child = fork; sleep 1 while 1;";
        var supervisor = await root.RunAsync(root.Deploy("v1", stubborn), Cancel);
        var group = supervisor.Observe().Processes[0].ProcessId;
        await Eventually.IsTrueAsync(() => ProcessTable.MembersOf(group).Count == 2, "it has forked");

        await supervisor.ReplaceAsync(root.Deploy("v2", stubborn), "deploy", Cancel);
        await supervisor.ReplaceAsync(root.Deploy("v3", ExamplePrograms.Server), "deploy", Cancel);

        await Eventually.IsTrueAsync(() => supervisor.Observe().Processes.Count == 1, "the old ones are gone");
        await Eventually.IsTrueAsync(() => root.Events.Of<GenerationExited>().Count(exited => exited.Exit is { Signal: 9, Expected: true }) == 2, "both ends are told, which comes after they are seen");
        Assert.False(ProcessTable.HasLiving(group));
    }

    [Fact]
    public async Task ReplaceAsync_OldOneEndsMeanwhile_TheNewOneServes()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        root.Options = root.Options with { StartWait = TimeSpan.FromSeconds(1) };
        var supervisor = await root.RunAsync(root.Deploy("v1", ExamplePrograms.Server), Cancel);
        var old = supervisor.Observe().Processes[0].ProcessId;

        var replacing = supervisor.ReplaceAsync(root.Deploy("v2", ExamplePrograms.Server), "deploy", Cancel);
        await root.Events.WaitForAsync<GenerationStarted>(started => started is { Tag: "v2" });
        _ = Libc.Kill(old, 9);
        await replacing;

        Assert.Equal("v2", supervisor.Observe().Running?.Tag);
        Assert.Equal(0, supervisor.Observe().Crashes);
        Assert.Null(supervisor.Observe().LastExit);
        Assert.Contains(root.Events.Of<GenerationExited>(), exited => exited is { Tag: "v1", Exit: { Signal: 9, Expected: false } });
    }

    [Fact]
    public async Task ReplaceAsync_ManyTimes_LeaksNoDescriptor()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        var supervisor = await root.RunAsync(root.Deploy("v1", ExamplePrograms.Server), Cancel);
        for (var round = 0; round < 5; round++)
            await supervisor.ReplaceAsync(root.Deploy("v2", ExamplePrograms.Server), "deploy", Cancel);
        await Eventually.IsTrueAsync(() => supervisor.Observe().Processes.Count == 1, "the old ones are gone");

        // Other tests of this process open files as well, so what counts are those that point into this root.
        await Eventually.IsTrueAsync(() => OpenFilesBelow(root.Path) == 1, "only the newest generation's output file is open");
        Assert.Equal("0 1 2 3", string.Join(' ', ChildDescriptors(supervisor).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task ReplaceAsync_Environment_HasWhatTheContractsPromiseAndNoSecret()
    {
        Require.Linux();
        await using var root = new SupervisedRoot();
        root.Options = root.Options with { PassEnvironment = ["SLACK_TOKEN"] };
        foreach (var (name, value) in new[] { ("GITHUB_TOKEN", "hush"), ("SLACK_TOKEN", "loud"), ("WATCHDOG_USEC", "1"), ("LISTEN_FDNAMES", "mine"), ("PLAIN", "1") })
            root.Environment[name] = value;
        var release = root.Deploy("v1", "open(my $f, '>', 'env.tmp'); print $f \"$_=$ENV{$_}\\n\" for keys %ENV; print $f \"pid=$$\\n\"; close $f; rename 'env.tmp', 'env'; sleep 9 while 1;");
        var supervisor = await root.RunAsync(release, Cancel);
        await Eventually.IsTrueAsync(() => File.Exists(root.Combine("env")), "it has written its environment");

        var seen = (await File.ReadAllLinesAsync(root.Combine("env"), Cancel)).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

        Assert.Equal($"{supervisor.Sockets[0].Address.Spec}=3", seen["SERVER_STARTER_PORT"]);
        Assert.Equal("1", seen["SERVER_STARTER_GENERATION"]);
        Assert.Equal("1", seen["LISTEN_FDS"]);
        Assert.Equal(seen["pid"], seen["LISTEN_PID"]);
        Assert.Equal($"{supervisor.Sockets[0].Address.Port}", seen["LISTEN_FDNAMES"]);
        Assert.Equal(("v1", release.Directory, "deployment of v1"), (seen["DEWY_TAG"], seen["DEWY_RELEASE_DIR"], seen["DEWY_DEPLOYMENT_ID"]));
        Assert.Equal(("loud", "1"), (seen["SLACK_TOKEN"], seen["PLAIN"]));
        Assert.StartsWith("/", seen["NOTIFY_SOCKET"], StringComparison.Ordinal);
        Assert.DoesNotContain("GITHUB_TOKEN", seen.Keys, StringComparer.Ordinal);
        Assert.DoesNotContain("WATCHDOG_USEC", seen.Keys, StringComparer.Ordinal);
    }

    private static int OpenFilesBelow(string path) =>
        Directory.EnumerateFileSystemEntries("/proc/self/fd").Count(link => LinkOf(link)?.StartsWith(path, StringComparison.Ordinal) == true);

    private static string? LinkOf(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static IEnumerable<string> ChildDescriptors(GenerationSupervisor supervisor) =>
        Directory.EnumerateFileSystemEntries($"/proc/{supervisor.Observe().Processes[0].ProcessId}/fd").Select(link => Path.GetFileName(link));
}

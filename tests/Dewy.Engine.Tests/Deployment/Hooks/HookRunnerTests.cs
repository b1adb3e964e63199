using Dewy.Engine.Deployment;
using Dewy.Engine.Deployment.Hooks;
using Dewy.Engine.Diagnostics;
using Dewy.Engine.Processes;
using Dewy.Engine.Tests.Processes;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Deployment.Hooks;

public sealed class HookRunnerTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(300);

    private readonly TemporaryDirectory _root = new();
    private readonly RecordingEventSink _events = new();
    private readonly Dictionary<string, string> _agent = new(StringComparer.Ordinal)
    {
        ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
        ["GITHUB_TOKEN"] = "ghp_verysecret",
        ["SLACK_TOKEN"] = "xoxb-alsosecret",
        ["NOTIFY_SOCKET"] = "/run/systemd/notify",
        ["LISTEN_FDS"] = "1",
    };

    [Fact]
    public async Task RunAsync_Success_TellsOutputCodeAndEvent()
    {
        Require.Unix();
        var result = await RunAsync("echo out; echo err >&2");
        Assert.True(result.Succeeded);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("out\n", result.StandardOutput);
        Assert.Equal("err\n", result.StandardError);
        Assert.Same(result, Assert.Single(_events.Of<HookCompleted>()).Result);
    }

    [Fact]
    public async Task RunAsync_NoneConfigured_IsNull()
    {
        var runner = Runner();
        Assert.Null(await runner.RunAsync(HookKind.AfterDeploy, new HookOptions { BeforeDeploy = "exit 1" }, Context(), TestContext.Current.CancellationToken));
        Assert.Empty(_events.Events);
    }

    [Theory]
    [InlineData(HookKind.BeforeDeploy, "before-deploy")]
    [InlineData(HookKind.AfterDeploy, "after-deploy")]
    public async Task RunAsync_FactsOfTheDeployment_AreInTheEnvironment(HookKind kind, string name)
    {
        Require.Unix();
        var result = await RunAsync("env | grep ^DEWY_ | sort; pwd -P", kind: kind);
        Assert.Equal(
            $"""
            DEWY_ARTIFACT=/cache/app.tar.gz
            DEWY_COMMAND=server
            DEWY_DEPLOYMENT_ID=d-1
            DEWY_HOOK={name}
            DEWY_PREVIOUS_TAG=v1.0.0
            DEWY_RELEASE_DIR=/root/releases/x
            DEWY_TAG=v1.1.0
            DEWY_VERSION=1.1.0
            {_root.Path}

            """,
            result.StandardOutput);
    }

    [Fact]
    public async Task RunAsync_AgentsSecretsAndSockets_AreNotInTheEnvironment()
    {
        Require.Unix();
        var result = await RunAsync("env", new HookOptions { PassEnvironment = ["SLACK_TOKEN"] });
        Assert.DoesNotContain("GITHUB_TOKEN", result.StandardOutput, StringComparison.Ordinal);
        Assert.DoesNotContain("NOTIFY_SOCKET", result.StandardOutput, StringComparison.Ordinal);
        Assert.DoesNotContain("LISTEN_FDS", result.StandardOutput, StringComparison.Ordinal);
        Assert.Contains("SLACK_TOKEN=***", result.StandardOutput, StringComparison.Ordinal); // passed, and yet not shown
    }

    [Fact]
    public async Task RunAsync_SecretsInCommandAndOutput_AreMasked()
    {
        Require.Unix();
        var result = await RunAsync("echo ghp_verysecret; echo ghp_verysecret >&2");
        Assert.Equal("***\n", result.StandardOutput);
        Assert.Equal("***\n", result.StandardError);
        Assert.Equal("echo ***; echo *** >&2", result.Command);
    }

    [Fact]
    public async Task RunAsync_NonZeroExit_IsAFailureWithItsCode()
    {
        Require.Unix();
        var result = await RunAsync("exit 3");
        Assert.False(result.Succeeded);
        Assert.Equal(3, result.ExitCode);
        Assert.Equal("The before-deploy hook exited with code 3.", result.Error);
        Assert.Equal(ErrorCode.HookFailed, HookFailure.From(result).Code);
        Assert.Equal(result.Error, HookFailure.From(result).Message);
    }

    [Fact]
    public async Task From_HookThatSaidWhy_EndsInItsLastOutput()
    {
        Require.Unix();
        var result = await RunAsync("seq 10000; echo 'The shop is open.' >&2; exit 4");
        var message = HookFailure.From(result).Message;
        Assert.StartsWith("The before-deploy hook exited with code 4. Its last output:\n", message, StringComparison.Ordinal);
        Assert.EndsWith("\n10000\nThe shop is open.", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 4000, 4200);
    }

    [Fact]
    public async Task RunAsync_EndedBySignal_SaysWhich()
    {
        Require.Unix();
        var result = await RunAsync("kill -9 $$");
        Assert.Null(result.ExitCode);
        Assert.Equal("The before-deploy hook ended by signal 9.", result.Error);
    }

    [Fact]
    public async Task RunAsync_RootMissing_IsAResultAndNoException()
    {
        Require.Unix();
        var result = await Runner().RunAsync(HookKind.BeforeDeploy, new HookOptions { BeforeDeploy = "true" }, Context() with { Root = "/nowhere" }, TestContext.Current.CancellationToken);
        Assert.Contains("/nowhere", result?.Error, StringComparison.Ordinal);
        Assert.Single(_events.Of<HookCompleted>());
    }

    [Fact]
    public async Task RunAsync_FloodOfOutput_KeepsTheEndOfEachStream()
    {
        Require.Unix();
        var result = await RunAsync("yes 'flood é' | head -c 20000000; echo end; yes x | head -c 3000000 >&2; echo END >&2");
        Assert.True(result.Succeeded);
        Assert.EndsWith("end\n", result.StandardOutput, StringComparison.Ordinal);
        Assert.EndsWith("END\n", result.StandardError, StringComparison.Ordinal);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(result.StandardOutput), 60 * 1024, HookRunner.OutputLimitBytes);
        Assert.InRange(result.StandardError.Length, 60 * 1024, HookRunner.OutputLimitBytes);
        Assert.DoesNotContain('\uFFFD', result.StandardOutput);
    }

    [Fact]
    public async Task RunAsync_TimeOut_EndsTheWholeTreeAndKeepsTheOutput()
    {
        Require.Linux();
        var result = await RunAsync("echo begun; sleep 60 & echo $! > pid; (sleep 60; true); true", new HookOptions { Timeout = Soon });
        Assert.True(result.TimedOut);
        Assert.Null(result.ExitCode);
        Assert.Equal("begun\n", result.StandardOutput);
        Assert.Contains("0.3 s", result.Error, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.HookTimeout, HookFailure.From(result).Code);
        await AssertEndedAsync("pid");
    }

    [Fact]
    public async Task RunAsync_TimeOutOfOneThatIgnoresTerm_IsKilled()
    {
        Require.Linux();
        var result = await RunAsync("trap '' TERM; echo $$ > pid; while :; do sleep 0.1; done", new HookOptions { Timeout = Soon });
        Assert.True(result.TimedOut);
        Assert.InRange(result.Duration, HookRunner.KillDelay, TimeSpan.FromSeconds(30));
        await AssertEndedAsync("pid");
    }

    [Fact]
    public async Task RunAsync_TimeOutWithAChildThatIgnoresTerm_KillsTheChild()
    {
        Require.Linux();
        var result = await RunAsync("(trap '' TERM; sh -c 'echo $$ > pid; while :; do sleep 0.1; done') & wait", new HookOptions { Timeout = Soon });
        Assert.True(result.TimedOut);
        await AssertEndedAsync("pid");
    }

    [Fact]
    public async Task RunAsync_TimeOutWithAChildInASessionOfItsOwn_EndsItToo()
    {
        Require.Linux();
        Require.Program("setsid");
        var result = await RunAsync("setsid sh -c 'echo $$ > pid; sleep 60; true' & wait", new HookOptions { Timeout = Soon });
        Assert.True(result.TimedOut);
        await AssertEndedAsync("pid");
    }

    [Fact]
    public async Task RunAsync_BackgroundChildHoldsTheOutput_DoesNotHang()
    {
        Require.Linux();
        var result = await RunAsync("sleep 60 & echo $! > pid; echo done");
        Assert.True(result.Succeeded);
        Assert.Equal("done\n", result.StandardOutput);
        Assert.InRange(result.Duration, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        var left = ReadId("pid");
        Assert.True(ProcessStatus.Read(left) is { HasEnded: false }, "what a hook starts in the background goes on");
        _ = Libc.Kill(left, 9);
    }

    [Fact]
    public async Task RunAsync_Cancelled_EndsTheTreeBeforeItThrows()
    {
        Require.Linux();
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = Runner().RunAsync(HookKind.BeforeDeploy, new HookOptions { BeforeDeploy = "sleep 60 & echo $! > pid.tmp; mv pid.tmp pid; wait" }, Context(), cancellation.Token);
        await Eventually.IsTrueAsync(() => File.Exists(_root.Combine("pid")), "the hook runs");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Children.Limit, TestContext.Current.CancellationToken));
        await AssertEndedAsync("pid");
    }

    public void Dispose() => _root.Dispose();

    private HookRunner Runner() => new(Children.Starter, _agent, SecretRedactor.FromEnvironment(_agent), _events, TimeProvider.System);

    private HookContext Context() => new()
    {
        Root = _root.Path,
        Command = "server",
        Tag = "v1.1.0",
        Version = "1.1.0",
        PreviousTag = "v1.0.0",
        ReleaseDirectory = "/root/releases/x",
        Artifact = "/cache/app.tar.gz",
        DeploymentId = "d-1",
    };

    private async Task<HookResult> RunAsync(string command, HookOptions? options = null, HookKind kind = HookKind.BeforeDeploy)
    {
        options = (options ?? new HookOptions { Timeout = Children.Limit }) with { BeforeDeploy = command, AfterDeploy = command };
        var result = await Runner().RunAsync(kind, options, Context(), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.NotNull(result);
        return result;
    }

    private int ReadId(string file) => int.Parse(File.ReadAllText(_root.Combine(file)));

    private async Task AssertEndedAsync(string file)
    {
        var id = ReadId(file);
        await Eventually.IsTrueAsync(() => ProcessStatus.Read(id) is null or { HasEnded: true }, $"process {id} of the hook ended");
    }
}

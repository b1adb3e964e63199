using System.Text.Json;
using Dewy.Engine.Processes;
using Dewy.Tests;
using Xunit;

namespace Dewy.EndToEnd.Tests.Cli;

public sealed class AgentCommandTests
{
    [Fact]
    public async Task Server_FlagsVariablesAndFile_ReachTheEngineInOrderOfPrecedence()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { AgentBody = (_, _) => Task.CompletedTask } };
        dewy.Write("dewy.json", """{"interval": 30, "keep-releases": 3, "slot": "file"}""");
        dewy.Environment["DEWY_SLOT"] = "variable";
        dewy.Environment["DEWY_INTERVAL"] = "20";

        var code = await dewy.RunAsync("server", "--registry=file:///x", "-p", "8000", "--port", "8100-8101", "-i10", "--no-report", "--config", "dewy.json", "--", "./current/app", "--port", "1", "--", "-h");

        Assert.Equal((ExitCode.Ok, ""), (code, dewy.Error));
        var options = dewy.Engine.Options ?? new OptionSet();
        Assert.Equal(["server"], options.Values("mode"));
        Assert.Equal(["8000", "8100-8101"], options.Values("port"));
        Assert.Equal(["10"], options.Values("interval"));
        Assert.Equal(["variable"], options.Values("slot"));
        Assert.Equal(["3"], options.Values("keep-releases"));
        Assert.Equal(["true"], options.Values("no-report"));
        Assert.Equal(["./current/app", "--port", "1", "--", "-h"], options.Values("command"));
        Assert.Equal("-p", options.Origin("port"));
        Assert.True(dewy.Engine.Agent?.Disposed);
    }

    [Fact]
    public async Task Signals_HupAndUsr1_Restart()
    {
        using var dewy = new DewyRun();
        var running = dewy.RunAsync("assets", "--registry", "file:///x");
        await StartedAsync(dewy);

        dewy.Send(AgentSignal.Redeploy);
        dewy.Send(AgentSignal.RedeployAndNotify);
        dewy.Send(AgentSignal.Stop);

        Assert.Equal(ExitCode.Ok, await running);
        Assert.Equal([("SIGHUP", false), ("SIGUSR1", true)], dewy.Engine.Agent?.Restarts);
    }

    [Fact]
    public async Task Signals_StopTwiceAtOnce_IsOneWish()
    {
        var (dewy, running) = Stubborn(out var release);
        using var _ = dewy;
        await StartedAsync(dewy);

        dewy.Send(AgentSignal.Stop);
        dewy.Send(AgentSignal.Stop);
        release.SetResult();

        Assert.Equal(ExitCode.Ok, await running);
        Assert.Null(dewy.Aborted);
    }

    [Fact]
    public async Task Signals_StopAskedAgainLater_EndsAtOnce()
    {
        var (dewy, running) = Stubborn(out var release);
        using var _ = dewy;
        await StartedAsync(dewy);

        dewy.Send(AgentSignal.Stop);
        dewy.Time.Advance(TimeSpan.FromSeconds(3));
        dewy.Send(AgentSignal.Stop);
        release.SetResult();

        await running;
        Assert.Equal(ExitCode.Failed, dewy.Aborted);
    }

    [Theory]
    [InlineData(ErrorCode.RootLocked, ExitCode.Locked)]
    [InlineData(ErrorCode.PortInUse, ExitCode.DeploymentFailed)]
    [InlineData(ErrorCode.RegistryUnauthorized, ExitCode.Registry)]
    [InlineData(ErrorCode.AgentNotFound, ExitCode.Failed)]
    public async Task Start_Fails_IsOneLineAndItsExitCode(ErrorCode error, ExitCode expected)
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { AgentBody = (_, _) => throw Failure(error) } };

        Assert.Equal(expected, await dewy.RunAsync("assets", "--registry", "file:///x"));

        var line = Assert.Single(dewy.Error.TrimEnd().Split('\n'));
        Assert.EndsWith($"ERROR Dewy failed error=\"/srv/app is taken by process 42.\" code=\"{error}\" phase=\"start\" target=\"/srv/app\" next_step=\"Stop it.\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_FailsWithJsonLog_StaysJson()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { Failure = Failure(ErrorCode.RootLocked) } };

        Assert.Equal(ExitCode.Locked, await dewy.RunAsync("assets", "--registry", "file:///x", "-f", "json"));

        var line = JsonDocument.Parse(Assert.Single(dewy.Error.TrimEnd().Split('\n'))).RootElement;
        Assert.Equal("Stop it.", line.GetProperty("next_step").GetString());
    }

    [Fact]
    public async Task Start_FailsUnexpectedly_IsExitCode1()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { AgentBody = (_, _) => throw new InvalidOperationException("odd") } };

        Assert.Equal(ExitCode.Failed, await dewy.RunAsync("assets", "--registry", "file:///x"));

        Assert.Contains("Dewy failed unexpectedly error=\"odd\"", dewy.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_Log_GoesToStandardErrorAndFile()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { AgentBody = Publish(new AgentStopping("SIGTERM"), new DeploySkipped(null, "same")) } };

        await dewy.RunAsync("assets", "--registry", "file:///x", "--log-format", "json", "--log-level", "debug", "--log-file", "dewy.log");

        Assert.Equal(2, dewy.Error.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("msg").GetString()).Count());
        Assert.Equal(dewy.Error, await File.ReadAllTextAsync(Path.Combine(dewy.Directory, "dewy.log"), TestContext.Current.CancellationToken));
        Assert.Empty(dewy.Output);
    }

    [Fact]
    public async Task Events_ApplicationOutput_IsPassedOnWithoutSecrets()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { AgentBody = Publish(new ApplicationOutput(1, false, "hello ghp_abcdef"), new ApplicationOutput(1, true, "oops")) } };
        dewy.Environment["GH_TOKEN"] = "ghp_abcdef";

        await dewy.RunAsync("server", "--registry", "file:///x", "--", "./current/app");

        Assert.Equal("hello ***\n", dewy.Output.ReplaceLineEndings("\n"));
        Assert.Equal("oops\n", dewy.Error.ReplaceLineEndings("\n"));
    }

    private static Func<IEngineEventSink, CancellationToken, Task> Publish(params EngineEvent[] events) => (sink, _) =>
    {
        foreach (var published in events)
            sink.Publish(published);
        return Task.CompletedTask;
    };

    private static DewyException Failure(ErrorCode code) =>
        new(code, "/srv/app is taken by process 42.") { Phase = "start", Target = "/srv/app", NextStep = "Stop it." };

    /// <summary>An agent that does not stop until it is let go.</summary>
    private static (DewyRun Dewy, Task<ExitCode> Running) Stubborn(out TaskCompletionSource release)
    {
        var let = release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var dewy = new DewyRun { Engine = new FakeEngine { AgentBody = (_, _) => let.Task } };
        return (dewy, dewy.RunAsync("assets", "--registry", "file:///x"));
    }

    private static async Task StartedAsync(DewyRun dewy)
    {
        await Eventually.IsTrueAsync(() => dewy.Engine.Agent is not null, "the agent was made");
        await dewy.Engine.Agent!.Running.Task; // it was waited for just now
    }
}

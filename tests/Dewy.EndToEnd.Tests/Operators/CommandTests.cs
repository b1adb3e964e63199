using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Engine.Deployment;
using Dewy.Tests;
using Xunit;

namespace Dewy.EndToEnd.Tests.Operators;

/// <summary><c>dewy server</c> itself, told by signals.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task OnExitLeave_ProgramGoesOnAndTheNextAgentAdoptsItWithoutALostRequest()
    {
        Component.Linux();
        await using var application = new SampleApplication();
        application.Registry.Publish("v1.0.0");
        var first = Start(application, "--on-exit", "leave");
        await Eventually.IsTrueAsync(() => application.History.Count == 1, "v1 is deployed");
        var load = application.StartLoad();
        await load.AnsweredByAsync("v1.0.0", times: 10);
        var before = Assert.Single(ProgramProcesses.Of(application.Root));

        first.Signal("TERM");
        Assert.Equal(0, await first.ExitedAsync());
        Assert.Equal([before], ProgramProcesses.Of(application.Root));
        var second = Start(application, "--on-exit", "leave");
        await Eventually.IsTrueAsync(() => RootLock.TryReadHolder(application.Observed.Layout)?.ProcessId == second.Id, "the next agent runs");
        application.Registry.Publish("v2.0.0");
        await load.AnsweredByAsync("v2.0.0", times: 10);
        await load.StopAsync();

        Assert.Equal("", load.Complaints);
        Assert.Equal(["v1.0.0", "v2.0.0"], load.Answers.Select(answer => answer.Tag).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(2, load.Answers.Select(answer => answer.Body).Distinct().Count()); // one process of each
    }

    [Theory]
    [InlineData("HUP")]
    [InlineData("USR1")]
    public async Task RestartSignal_ReplacesTheProgramWithoutALostRequest(string signal)
    {
        Component.Linux();
        await using var application = new SampleApplication();
        application.Registry.Publish("v1.0.0");
        var agent = Start(application);
        await Eventually.IsTrueAsync(() => application.History.Count == 1, "v1 is deployed");
        var load = application.StartLoad();
        await load.AnsweredByAsync("v1.0.0", times: 10);

        agent.Signal(signal);
        await Eventually.IsTrueAsync(() => load.Answers.Any(answer => answer is { Failure: null, Generation: 2 }), "the second generation answers");
        await Settled.WaitAsync(application, "v1.0.0", kept: ["v1.0.0"]);
        await load.StopAsync();

        Assert.Equal("", load.Complaints);
        Assert.False(agent.HasExited);
        agent.Signal("TERM");
        Assert.Equal(0, await agent.ExitedAsync());
        Assert.Empty(ProgramProcesses.Of(application.Root));
    }

    private static AgentProcess Start(SampleApplication application, params string[] more) => application.StartCommand(
        [
            "server", "--registry", application.Registry.Url, "--root", application.Root, "--port", $"127.0.0.1:{application.Port}",
            "--interval", "1", "--start-wait", "100ms", .. more, "--", "perl", "./current/app.pl",
        ]);
}

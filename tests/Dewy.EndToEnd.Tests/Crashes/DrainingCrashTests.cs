using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Tests;
using Xunit;

namespace Dewy.EndToEnd.Tests.Crashes;

/// <summary>An agent that dies while the version before still finishes its requests.</summary>
public sealed class DrainingCrashTests
{
    [Fact]
    public async Task AgentKilled_OldVersionDrainsAndNewOneIsNotRecorded_OldOneIsNotTakenForServing()
    {
        Component.Linux();
        await using var application = new SampleApplication();
        application.Registry.Publish("v1.0.0", new Behaviour { DrainsFor = TimeSpan.FromSeconds(15) });
        await application.DeployOnceAsync();
        application.Registry.Publish("v2.0.0");
        var load = application.StartLoad();

        // The hook after the deployment keeps it from being recorded, and v1 is told to end meanwhile.
        var victim = application.StartAgentProcess(more: ("after-deploy-hook", "sleep 60"));
        await victim.SaidAsync("GenerationStopping");
        await victim.SaidAsync("StepStarted after-hook");
        await Eventually.IsTrueAsync(() => load.Answers.Any(answer => answer.Tag == "v2.0.0"), "v2 serves");
        victim.Signal("KILL");
        await victim.ExitedAsync();

        var agent = application.StartAgent();
        var began = DateTimeOffset.UtcNow;
        await Eventually.IsTrueAsync(() => load.Answers.Any(answer => answer.Began > began), "somebody serves again", TimeSpan.FromSeconds(10));
        await agent.DeployedAsync("v2.0.0");
        await load.StopAsync();
        Assert.Equal("", load.Complaints);
        Assert.Equal(["v2.0.0", "v2.0.0", "v1.0.0"], application.History.Select(deployment => deployment.Tag)); // the interrupted one is the second
        Assert.Empty(agent.Events.Of<GenerationAdopted>());
        Assert.Equal([], application.State.Blocked);
    }
}

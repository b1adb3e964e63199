using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Tests;
using Xunit;

namespace Dewy.EndToEnd.Tests.Operators;

/// <summary>An operator and an agent in two processes.</summary>
public sealed class OperatorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pause_HoldsNewReleasesAcrossARestart_UntilResumed()
    {
        await using var application = new SampleApplication();
        await application.DeployAsync("v1.0.0");
        var first = application.StartAgentProcess();
        await first.SaidAsync("DeploySkipped");
        await application.Engine.PauseAsync(application.Root, "alice", Cancellation);
        application.Registry.Publish("v2.0.0");
        await first.SaidAsync("ReleaseHeld");
        await application.AnswersAsync("v1.0.0");
        Assert.Equal("alice", (await application.Engine.GetStatusAsync(application.Root, Cancellation)).Pause?.By);
        first.Signal("TERM");
        Assert.Equal(0, await first.ExitedAsync());

        var second = application.StartAgentProcess();
        await second.SaidAsync("ReleaseHeld");
        await application.AnswersAsync("v1.0.0");
        await application.Engine.ResumeAsync(application.Root, Cancellation);
        await second.SaidAsync("DeploymentEnded v2.0.0 Succeeded");
        await application.AnswersAsync("v2.0.0");
    }

    [Fact]
    public async Task Rollback_IsCarriedOutByTheRunningAgentWithoutALostRequest_AndEndsWithANewerRelease()
    {
        await using var application = new SampleApplication();
        await application.DeployAsync("v1.0.0");
        await application.DeployAsync("v2.0.0");
        var agent = application.StartAgentProcess();
        await agent.SaidAsync("DeploySkipped");
        var load = application.StartLoad();

        var deployment = await application.Engine.RollbackAsync(application.Options(), to: null, untilNewer: true, "alice", new RecordingEventSink(), Cancellation);

        Assert.Equal(("v1.0.0", DeploymentResult.Succeeded, "rollback by alice"), (deployment.Tag, deployment.Result, deployment.RequestedBy));
        await application.AnswersAsync("v1.0.0");
        Assert.Equal("v1.0.0", application.State.Pin?.Tag);
        await agent.SaidAsync("DeploySkipped #2"); // v2 is in the registry and stays there
        application.Registry.Publish("v3.0.0");
        await agent.SaidAsync("DeploymentEnded v3.0.0 Succeeded");
        await application.AnswersAsync("v3.0.0");
        Assert.Null(application.State.Pin);
        await load.StopAsync();
        Assert.Equal("", load.Complaints);
    }

    [Fact]
    public async Task Pin_SurvivesARestartAndNewerReleases_UntilResumed()
    {
        await using var application = new SampleApplication(DeploymentMode.Assets);
        await application.DeployAsync("v1.0.0");
        await application.DeployAsync("v2.0.0");
        await application.Engine.RollbackAsync(application.Options(), to: "v1.0.0", untilNewer: false, "alice", new RecordingEventSink(), Cancellation);
        application.Registry.Publish("v3.0.0");

        var agent = application.StartAgentProcess();
        await agent.SaidAsync("DeploySkipped");

        Assert.Equal("v1.0.0", application.State.Current?.Tag);
        await application.Engine.ResumeAsync(application.Root, Cancellation);
        await agent.SaidAsync("DeploymentEnded v3.0.0 Succeeded");
    }

    [Fact]
    public async Task ForcedDeployment_TriesABlockedReleaseAgainAtOnce_AndFindsItsNewContent()
    {
        await using var application = new SampleApplication();
        await application.DeployAsync("v1.0.0");
        application.Registry.Publish("v2.0.0", new Behaviour { ExitsAtOnce = true });
        var agent = application.StartAgentProcess(more: ("health-path", "/health"));
        await agent.SaidAsync("DeploymentEnded v2.0.0 Failed");
        await agent.SaidAsync("ReleaseHeld");

        var again = await application.DeployOnceAsync(force: true);
        Assert.Equal(DeploymentResult.Failed, again?.Result);
        Assert.Equal(2, Assert.Single(application.State.Blocked).Failures);

        application.Registry.Withdraw("v2.0.0");
        application.Registry.Publish("v2.0.0");
        var mended = await application.DeployOnceAsync(force: true);
        Assert.Equal(("v2.0.0", DeploymentResult.Succeeded), (mended?.Tag, mended?.Result));
        await application.AnswersAsync("v2.0.0");
    }
}

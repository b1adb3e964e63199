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

    /// <summary>The worst moment to need the registry for going back is when it is down.</summary>
    [Fact]
    public async Task Rollback_WhileTheRegistryIsDown_IsCarriedOut()
    {
        await using var application = new SampleApplication(DeploymentMode.Assets);
        await application.DeployAsync("v1.0.0");
        await application.DeployAsync("v2.0.0");
        var agent = application.StartAgentProcess();
        await agent.SaidAsync("DeploySkipped");
        application.Registry.Close();
        await agent.SaidAsync("CycleFailed");

        var deployment = await application.Engine.RollbackAsync(application.Options(), to: null, untilNewer: false, "alice", new RecordingEventSink(), Cancellation);

        Assert.Equal(("v1.0.0", DeploymentResult.Succeeded), (deployment.Tag, deployment.Result));
        Assert.Equal("v1.0.0", application.State.Current?.Tag);
    }

    [Fact]
    public async Task Deploy_RootWithAnAgent_NeedsNoRegistry()
    {
        await using var application = new SampleApplication(DeploymentMode.Assets);
        await application.DeployAsync("v1.0.0");
        var agent = application.StartAgent();
        await agent.Events.WaitForAsync<DeploySkipped>(); // it watches
        application.Registry.Publish("v2.0.0");
        var root = new OptionSet().Add("root", application.Root);

        var deployment = await application.Engine.DeployAsync(root, force: false, new RecordingEventSink(), Cancellation);
        var nothing = await application.Engine.DeployAsync(root, force: false, new RecordingEventSink(), Cancellation);

        Assert.Equal(("v2.0.0", DeploymentResult.Succeeded, null), (deployment?.Tag, deployment?.Result, nothing));
        await agent.StopAsync();
        var failure = await Assert.ThrowsAsync<DewyException>(() => application.Engine.DeployAsync(root, force: false, new RecordingEventSink(), Cancellation));
        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
    }

    [Fact]
    public async Task Pin_ReleaseOfTheRegistry_IsDeployedAndStays()
    {
        await using var application = new SampleApplication(DeploymentMode.Assets);
        application.Registry.Publish("v1.0.0");
        application.Registry.Publish("v1.5.0");
        application.Registry.Publish("v2.0.0");
        var agent = application.StartAgentProcess();
        await agent.SaidAsync("DeploymentEnded v2.0.0 Succeeded");

        var deployment = await application.Engine.PinAsync(application.Options(), "v1.5.0", "alice", new RecordingEventSink(), Cancellation);

        Assert.Equal(("v1.5.0", DeploymentResult.Succeeded, "pin by alice"), (deployment?.Tag, deployment?.Result, deployment?.RequestedBy));
        application.Registry.Publish("v3.0.0");
        await agent.SaidAsync("DeploySkipped");
        await Eventually.IsTrueAsync(() => application.State.NewestTag == "v3.0.0", "the newer release was seen");
        Assert.Equal(("v1.5.0", "v1.5.0"), (application.State.Current?.Tag, application.State.Pin?.Tag));
    }

    [Fact]
    public async Task Pin_ReleaseThatIsNowhere_IsRefusedAndChangesNothing()
    {
        await using var application = new SampleApplication(DeploymentMode.Assets);
        await application.DeployAsync("v1.0.0");
        var agent = application.StartAgentProcess();
        await agent.SaidAsync("DeploySkipped");

        var failure = await Assert.ThrowsAsync<DewyException>(() => application.Engine.PinAsync(application.Options(), "v9.9.9", "alice", new RecordingEventSink(), Cancellation));

        Assert.Equal(ErrorCode.ReleaseNotFound, failure.Code);
        Assert.Null(application.State.Pin);
    }

    [Fact]
    public async Task Pin_WithoutAnAgent_IsWrittenDownForTheNext()
    {
        await using var application = new SampleApplication(DeploymentMode.Assets);
        await application.DeployAsync("v1.0.0");
        application.Registry.Publish("v1.5.0");
        application.Registry.Publish("v2.0.0");

        Assert.Null(await application.Engine.PinAsync(application.Options(), "v1.5.0", "alice", new RecordingEventSink(), Cancellation));
        await Assert.ThrowsAsync<DewyException>(() => application.Engine.PinAsync(application.Options(), "v9.9.9", "alice", new RecordingEventSink(), Cancellation));

        Assert.Equal("v1.5.0", (await application.DeployOnceAsync(force: false))?.Tag);
        Assert.Equal("v1.5.0", application.State.Pin?.Tag);
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

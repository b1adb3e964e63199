using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Tests;
using Xunit;

namespace Dewy.EndToEnd.Tests.BadReleases;

/// <summary>
/// A release that is no good leaves the version before serving without a lost request, is blocked, and says why; and a
/// good newer one is deployed at once all the same.
/// </summary>
public sealed class BadReleaseTests
{
    [Fact]
    public async Task ExitsAtOnce_IsRefused()
    {
        var failed = await DeployedBetweenGoodOnesAsync(new Behaviour { ExitsAtOnce = true }, DeploymentResult.Failed, ErrorCode.StartFailed);

        Assert.Equal("start", failed.Phase);
        Assert.Contains("exited with code 3", failed.Message, StringComparison.Ordinal);
        Assert.Contains("no such table: users", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DiesSoonAfterItGotReady_IsWithdrawn()
    {
        var failed = await DeployedBetweenGoodOnesAsync(new Behaviour { DiesAfter = TimeSpan.FromSeconds(1.5) }, DeploymentResult.RolledBack, ErrorCode.CrashLoop);

        Assert.Contains("exited with code 3", failed.Message, StringComparison.Ordinal);
        Assert.Contains("s after going live", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NeverHealthy_IsRefused()
    {
        var failed = await DeployedBetweenGoodOnesAsync(new Behaviour { Health = 500 }, DeploymentResult.Failed, ErrorCode.HealthCheckFailed);

        Assert.Equal("health", failed.Phase);
        Assert.Contains("500", failed.Message, StringComparison.Ordinal);
        Assert.Contains("/health", failed.Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NeverAnswersAndIgnoresTerm_IsRefusedAndKilled()
    {
        var exits = new List<GenerationExited>();
        await DeployedBetweenGoodOnesAsync(
            new Behaviour { Deaf = true, IgnoresTerm = true },
            DeploymentResult.Failed,
            ErrorCode.HealthCheckFailed,
            events => exits.AddRange(events.Of<GenerationExited>().Where(exited => exited.Tag == "v2.0.0")));

        Assert.Equal(9, Assert.Single(exits).Exit.Signal);
    }

    /// <summary>v1 is good, v2 is as it is, v3 is good; all under load.</summary>
    private static async Task<DeploymentError> DeployedBetweenGoodOnesAsync(Behaviour bad, DeploymentResult result, ErrorCode code, Action<RecordingEventSink>? look = null)
    {
        await using var application = new SampleApplication();
        application.Registry.Publish("v1.0.0");

        // Long enough for a program to begin on a busy machine, where its answer is what the test is about.
        var agent = application.StartAgent(("health-path", "/health"), ("health-timeout", bad.Deaf ? "2s" : "10s"), ("stop-timeout", bad.IgnoresTerm ? "1s" : "10s"));
        await agent.DeployedAsync("v1.0.0");
        var load = application.StartLoad();
        await load.AnsweredByAsync("v1.0.0", times: 10);

        application.Publish(agent, "v2.0.0", bad);
        var blocked = await agent.Events.WaitForAsync<ReleaseBlocked>(blocked => blocked.Tag == "v2.0.0");
        var ended = await agent.DeployedAsync("v2.0.0", result);
        await Eventually.IsTrueAsync(() => agent.Status is { Processes: [{ Tag: "v1.0.0", Ready: true }] }, "v1 runs alone");
        var began = DateTimeOffset.UtcNow;
        await Eventually.IsTrueAsync(() => load.Answers.Any(answer => answer.Began > began && answer.Tag == "v1.0.0"), "v1 serves");

        // Told by the event, in the state and in the history; and v1 is what a restart of the agent would start.
        var state = application.State;
        var error = Assert.IsType<DeploymentError>(ended.Error);
        Assert.Equal(code, error.Code);
        Assert.Equal(1, blocked.Failures);
        var block = Assert.Single(state.Blocked);
        Assert.Equal(("v2.0.0", code, 1), (block.Tag, block.Code, block.Failures));
        Assert.Equal(error.Message, block.Reason);
        Assert.InRange(block.RetryAt, ended.FinishedAt.AddSeconds(25), ended.FinishedAt.AddSeconds(31));
        Assert.Equal("v1.0.0", state.Current?.Tag);
        Assert.Equal((result, error.Message), (application.History[0].Result, application.History[0].Error?.Message));
        Assert.NotNull(error.NextStep);
        look?.Invoke(agent.Events);

        application.Publish(agent, "v3.0.0");
        await agent.DeployedAsync("v3.0.0");
        await load.AnsweredByAsync("v3.0.0", times: 10);
        await load.StopAsync();
        Assert.Equal("", load.Complaints);
        Assert.Empty(application.State.Blocked);
        await Settled.WaitAsync(application, "v3.0.0", kept: ["v1.0.0", "v3.0.0"]);
        return error;
    }
}

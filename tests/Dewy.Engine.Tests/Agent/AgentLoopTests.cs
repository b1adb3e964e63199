using Dewy.Engine.Agent;
using Dewy.Engine.Deployment;
using Dewy.Engine.Tests.Agent.Support;
using Xunit;

namespace Dewy.Engine.Tests.Agent;

/// <summary>The whole loop on a simulated clock: weeks of polling are seconds here.</summary>
public sealed class AgentLoopTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_NothingNew_PollsOnceAnInterval()
    {
        await using var agent = new SimulatedAgent(publish: Publish("v1.0.0"));

        await agent.AdvanceUntilAsync(() => agent.Polls.Count == 20, "20 polls were made", 300);

        Assert.All(Gaps(agent.Polls), gap => Assert.InRange(gap, 10, 11));
        Assert.Equal("v1.0.0", agent.LiveContent);
        Assert.Single(agent.Events.Of<DeploymentEnded>());
    }

    [Fact]
    public async Task Run_NewRelease_IsDeployedWithinAnInterval()
    {
        await using var agent = new SimulatedAgent(publish: Publish("v1.0.0"));
        await agent.AdvanceUntilAsync(() => agent.LiveContent == "v1.0.0", "v1.0.0 is live", 5);

        agent.Source.Publish("v1.1.0", SimulatedAgent.Start, ScriptedSource.Archive("v1.1.0"));

        await agent.AdvanceUntilAsync(() => agent.LiveContent == "v1.1.0", "v1.1.0 is live", 11);
        Assert.Equal("v1.0.0", agent.State.Previous?.Tag);
    }

    [Fact]
    public async Task Run_RegistryDown_BacksOffToFiveMinutesAndRecovers()
    {
        await using var agent = new SimulatedAgent(publish: Publish("v1.0.0"));
        await agent.AdvanceUntilAsync(() => agent.LiveContent == "v1.0.0", "v1.0.0 is live", 5);
        agent.Source.Fail(new DewyException(ErrorCode.RegistryUnavailable, "It is down."));

        await agent.AdvanceUntilAsync(() => agent.Events.Of<CycleFailed>().Count() == 8, "8 polls failed", 3000);
        agent.Source.Fail(null);
        await agent.AdvanceUntilAsync(() => agent.Events.Of<Recovered>().Any(), "it recovered", 310);

        var delays = agent.Events.Of<CycleFailed>().Select(failed => failed.NextIn.TotalSeconds);
        Assert.Equal([20, 40, 80, 160, 300, 300, 300, 300], delays);
        Assert.Equal("v1.0.0", agent.LiveContent);
        Assert.Equal(8, agent.Events.Of<Recovered>().Single().Failures);
    }

    [Fact]
    public async Task Run_RateLimited_WaitsAsLongAsItWasAsked()
    {
        await using var agent = new SimulatedAgent(publish: Publish("v1.0.0"));
        await agent.AdvanceUntilAsync(() => agent.Polls.Count == 1, "it polled once", 5);
        agent.Source.Fail(new DewyException(ErrorCode.RegistryRateLimited, "Slow down.") { RetryAfter = TimeSpan.FromMinutes(42) });

        await agent.AdvanceUntilAsync(() => agent.Polls.Count == 3, "it polled again after the limit", 3000, step: 5);

        Assert.InRange(agent.Polls[2] - agent.Polls[1], 42 * 60, (42 * 60) + 10);
    }

    [Fact]
    public async Task Run_RegistryHangsForEver_TheNextCycleStillComes()
    {
        await using var agent = new SimulatedAgent(publish: Publish("v1.0.0"));
        await agent.AdvanceUntilAsync(() => agent.LiveContent == "v1.0.0", "v1.0.0 is live", 5);
        agent.Source.Hang(true);
        await agent.AdvanceUntilAsync(() => agent.Polls.Count == 1, "the first poll is over", 5);
        MoveInto(agent, 11);

        await Dewy.Tests.Eventually.IsTrueAsync(
            () =>
            {
                agent.Time.Advance(TimeSpan.FromSeconds(5));
                return agent.Events.Of<CycleFailed>().Count() >= 2;
            },
            "two cycles failed although the source never answers");

        Assert.All(agent.Events.Of<CycleFailed>(), failed => Assert.Equal(ErrorCode.RegistryTimeout, failed.Error.Code));
    }

    [Fact]
    public async Task Run_NoArtifactYet_IsQuietWithinTheGracePeriodAndAnErrorAfterwards()
    {
        await using var agent = new SimulatedAgent(publish: source =>
        {
            source.Publish("v1.0.0", SimulatedAgent.Start, ScriptedSource.Archive("v1.0.0"));
            source.Publish("v1.1.0", SimulatedAgent.Start, content: null);
        });

        await agent.AdvanceUntilAsync(() => agent.Time.GetUtcNow() >= SimulatedAgent.Start.AddMinutes(29), "29 minutes passed", 1800, step: 5);
        Assert.Empty(agent.Events.Of<CycleFailed>());
        Assert.NotEmpty(agent.Events.Of<GracePeriodHeld>());

        await agent.AdvanceUntilAsync(() => agent.Events.Of<CycleFailed>().Any(), "the grace period is over", 120);
        Assert.Equal(ErrorCode.ArtifactNotFound, agent.Events.Of<CycleFailed>().First().Error.Code);
    }

    [Fact]
    public async Task Run_BrokenRelease_IsBlockedAndTriedAgainLessAndLessOften()
    {
        await using var agent = new SimulatedAgent(publish: Publish("v1.0.0"));
        await agent.AdvanceUntilAsync(() => agent.LiveContent == "v1.0.0", "v1.0.0 is live", 5);
        agent.Source.Publish("v1.1.0", SimulatedAgent.Start, [0x1f, 0x8b, 8, 0, 1, 2, 3]);

        await agent.AdvanceUntilAsync(() => Failed(agent).Count == 9, "it failed nine times", 4 * 3600, step: 5);

        var gaps = Gaps([.. Failed(agent).Select(deployment => (deployment.StartedAt - SimulatedAgent.Start).TotalSeconds)]).ToList();
        Assert.Equal(8, gaps.Count);
        Assert.All(gaps.Zip([30.0, 60, 120, 240, 480, 960, 1800, 1800]), pair => Assert.InRange(pair.First, pair.Second, pair.Second + 20));
        Assert.Equal("v1.0.0", agent.LiveContent);
        Assert.Single(Directory.GetDirectories(Path.Combine(agent.Root, "releases")));
    }

    [Fact]
    public async Task Run_NewerReleaseThanABrokenOne_IsDeployedAtOnce()
    {
        await using var agent = new SimulatedAgent(publish: Publish("v1.0.0"));
        await agent.AdvanceUntilAsync(() => agent.LiveContent == "v1.0.0", "v1.0.0 is live", 5);
        agent.Source.Publish("v1.1.0", SimulatedAgent.Start, [0x1f, 0x8b, 8, 0, 1, 2, 3]);
        await agent.AdvanceUntilAsync(() => Failed(agent).Count == 1, "v1.1.0 failed", 15);

        agent.Source.Publish("v1.2.0", SimulatedAgent.Start, ScriptedSource.Archive("v1.2.0"));

        await agent.AdvanceUntilAsync(() => agent.LiveContent == "v1.2.0", "v1.2.0 is live", 11);
        Assert.Empty(agent.State.Blocked);
    }

    [Fact]
    public async Task Run_BrokenReleaseRepaired_IsTriedWhenAnOperatorForces()
    {
        await using var agent = new SimulatedAgent(publish: Publish("v1.0.0"));
        await agent.AdvanceUntilAsync(() => agent.LiveContent == "v1.0.0", "v1.0.0 is live", 5);
        agent.Source.Publish("v1.1.0", SimulatedAgent.Start, [0x1f, 0x8b, 8, 0, 1, 2, 3]);
        await agent.AdvanceUntilAsync(() => Failed(agent).Count == 1, "v1.1.0 failed", 15);
        agent.Source.Publish("v1.1.0", SimulatedAgent.Start.AddSeconds(1), ScriptedSource.Archive("v1.1.0"));

        await new DeploymentRoot(agent.Root, agent.Events, agent.Time).State.UpdateAsync(
            state => state.Ask(new OperatorRequest { Id = "1", Kind = OperatorRequestKind.Deploy, Force = true, At = SimulatedAgent.Start, By = "tester" }),
            Cancellation);

        await agent.AdvanceUntilAsync(() => agent.LiveContent == "v1.1.0", "v1.1.0 is live", 60);
        await agent.AdvanceUntilAsync(() => agent.State.Answers.Any(answer => answer.RequestId == "1"), "the request was answered", 60);
        Assert.NotNull(agent.State.Answers.Single().DeploymentId);
    }

    [Fact]
    public async Task Run_Paused_DeploysNothingUntilResumed()
    {
        await using var agent = new SimulatedAgent(publish: Publish("v1.0.0"));
        await agent.AdvanceUntilAsync(() => agent.LiveContent == "v1.0.0", "v1.0.0 is live", 5);
        await agent.Engine.PauseAsync(agent.Root, "tester", Cancellation);
        agent.Source.Publish("v1.1.0", SimulatedAgent.Start, ScriptedSource.Archive("v1.1.0"));

        await agent.AdvanceUntilAsync(() => agent.Events.Of<ReleaseHeld>().Any(), "v1.1.0 is held back", 30);
        Assert.Equal("v1.0.0", agent.LiveContent);
        Assert.Equal("v1.1.0", agent.Status.Held?.Tag);
        Assert.Contains("paused by tester", agent.Status.Held?.Reason, StringComparison.Ordinal);

        await agent.Engine.ResumeAsync(agent.Root, Cancellation);
        await agent.AdvanceUntilAsync(() => agent.LiveContent == "v1.1.0", "v1.1.0 is live", 60);
        Assert.Null(agent.Status.Held);
    }

    [Fact]
    public async Task GetStatus_NothingNew_TellsTheLastCheckThoughItIsNotWrittenDownEachTime()
    {
        await using var agent = new SimulatedAgent(publish: Publish("v1.0.0"));
        await agent.AdvanceUntilAsync(() => agent.LiveContent == "v1.0.0", "v1.0.0 is live", 5);

        await agent.AdvanceUntilAsync(() => agent.Status.LastCheck >= SimulatedAgent.Start.AddSeconds(40), "it was checked again", 60);

        Assert.True(agent.State.LastCheck < agent.Status.LastCheck);
        Assert.Equal("v1.0.0", agent.Status.NewestTag);
    }

    [Fact]
    public async Task Run_OutsideTheWindow_WaitsForIt()
    {
        await using var agent = new SimulatedAgent(
            options => options with { Agent = new AgentOptions { Windows = [DeploymentWindow.Parse("Wed 13:00-14:00")] } },
            Publish("v1.0.0"));

        await agent.AdvanceUntilAsync(() => agent.LiveContent == "v1.0.0", "v1.0.0 is live", 3700, step: 5);

        Assert.InRange(agent.Time.GetUtcNow(), SimulatedAgent.Start.AddHours(1), SimulatedAgent.Start.AddMinutes(61));
    }

    [Fact]
    public async Task Run_YoungRelease_WaitsForItsMinimumAge()
    {
        await using var agent = new SimulatedAgent(
            options => options with { Agent = new AgentOptions { MinimumAge = TimeSpan.FromMinutes(10) } },
            Publish("v1.0.0"));

        await agent.AdvanceUntilAsync(() => agent.LiveContent == "v1.0.0", "v1.0.0 is live", 700);

        Assert.InRange(agent.Time.GetUtcNow(), SimulatedAgent.Start.AddMinutes(10), SimulatedAgent.Start.AddMinutes(11));
    }

    [Fact]
    public async Task Run_AWeek_DeploysWhatThereIsOnceAndKeepsItsDirectorySmall()
    {
        await using var agent = new SimulatedAgent(
            options => options with { Agent = new AgentOptions { Interval = TimeSpan.FromMinutes(10) } },
            Publish("v1.0.0"));

        await agent.AdvanceUntilAsync(() => agent.LiveContent == "v1.0.0", "v1.0.0 is live", 5);

        for (var day = 1; day <= 7; day++)
        {
            agent.Source.Publish($"v1.{day}.0", SimulatedAgent.Start, ScriptedSource.Archive($"v1.{day}.0"));
            await agent.AdvanceUntilAsync(() => agent.Time.GetUtcNow() >= SimulatedAgent.Start.AddDays(day), "a day passed", 25 * 3600, step: 600);
        }

        Assert.Equal("v1.7.0", agent.LiveContent);
        Assert.Equal(8, agent.Events.Of<DeploymentEnded>().Count());
        Assert.InRange(agent.Polls.Count, 7 * 24 * 5, 7 * 24 * 7);
        Assert.Equal(7, Directory.GetDirectories(Path.Combine(agent.Root, "releases")).Length);
    }

    [Fact]
    public async Task Run_RootHeldByAnother_FailsWithItsProcessId()
    {
        await using var agent = new SimulatedAgent(publish: Publish("v1.0.0"));
        await agent.AdvanceUntilAsync(() => agent.LiveContent == "v1.0.0", "v1.0.0 is live", 5);
        await using var second = agent.Engine.CreateAgent(new OptionSet().Add("registry", $"file://{agent.Root}").Add("root", agent.Root), agent.Events);

        var failure = await Assert.ThrowsAsync<DewyException>(() => second.RunAsync(Cancellation));

        Assert.Equal(ErrorCode.RootLocked, failure.Code);
        Assert.Equal(ExitCode.Locked, failure.ExitCode);
        Assert.Contains($"process {Environment.ProcessId}", failure.Message, StringComparison.Ordinal);
    }

    private static Action<ScriptedSource> Publish(string tag) =>
        source => source.Publish(tag, SimulatedAgent.Start, ScriptedSource.Archive(tag));

    private static void MoveInto(SimulatedAgent agent, int seconds) => agent.Time.Advance(TimeSpan.FromSeconds(seconds));

    private static List<Dewy.Deployment> Failed(SimulatedAgent agent) =>
        [.. agent.Events.Of<DeploymentEnded>().Select(ended => ended.Deployment).Where(deployment => deployment.Result == DeploymentResult.Failed)];

    private static IEnumerable<double> Gaps(IReadOnlyList<double> times) => times.Zip(times.Skip(1), (one, next) => next - one);
}

using Dewy.EndToEnd.Tests.Hosting;
using Dewy.EndToEnd.Tests.Replicas.Ground;
using Xunit;

namespace Dewy.EndToEnd.Tests.Replicas;

/// <summary>
/// A release that is no good leaves the replicas before it serving without a lost request, is removed and blocked, and says
/// why; and a good newer one is deployed at once all the same.
/// </summary>
public abstract class ReplicaBadReleaseTests(ReplicaKind kind)
{
    private const int Replicas = 2;

    [Fact]
    public async Task ExitsAtOnce_IsRefused()
    {
        var failed = await DeployedBetweenGoodOnesAsync(new Behaviour { ExitsAtOnce = true }, kind == ReplicaKind.Process ? ErrorCode.StartFailed : ErrorCode.ContainerExited);

        Assert.Equal("start", failed.Phase);
        Assert.Contains("code 3", failed.Message, StringComparison.Ordinal);
        Assert.Contains("no such table: users", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NeverListens_IsRefused()
    {
        var failed = await DeployedBetweenGoodOnesAsync(new Behaviour { Deaf = true }, ErrorCode.HealthCheckFailed);

        Assert.Equal("health", failed.Phase);
        Assert.Contains("v2.0.0 began", failed.Message, StringComparison.Ordinal); // its last output
    }

    [Fact]
    public async Task Answers500_IsRefused()
    {
        var failed = await DeployedBetweenGoodOnesAsync(new Behaviour { Health = 500 }, ErrorCode.HealthCheckFailed);

        Assert.Equal("health", failed.Phase);
        Assert.Contains("500", failed.Message, StringComparison.Ordinal);
        Assert.Contains("/health", failed.Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DiesSoonAfterTheSwitch_IsWithdrawn()
    {
        var failed = await DeployedBetweenGoodOnesAsync(Behaviour.Good, ErrorCode.CrashLoop, async application =>
        {
            await application.RunsExactlyAsync("v2.0.0", Replicas);
            await application.Ground.SignalAsync((await application.Ground.InstancesAsync())[0], "USR1");
        });

        Assert.Matches("exited with code 3|stopped answering", failed.Message); // whichever is seen first
        Assert.Contains("s after going live", failed.Message, StringComparison.Ordinal);
        Assert.Contains("no space left in the pool", failed.Message, StringComparison.Ordinal);
    }

    /// <summary>v1 is good, v2 is as it is, v3 is good; all under load.</summary>
    /// <param name="bad">How v2 behaves.</param>
    /// <param name="code">What it fails with.</param>
    /// <param name="then">What happens to it once it is live; null where it never gets there.</param>
    private async Task<DeploymentError> DeployedBetweenGoodOnesAsync(Behaviour bad, ErrorCode code, Func<ReplicatedApplication, Task>? then = null)
    {
        await using var application = await ReplicatedApplication.OpenAsync(kind, Replicas);
        var agent = await application.DeployFirstAsync("v1.0.0", ("health-timeout", "8s"));
        var load = application.StartLoad();
        await load.AnsweredByAsync("v1.0.0", times: 10);

        await application.PublishAsync(agent, "v2.0.0", bad);
        if (then is not null)
        {
            await agent.DeployedAsync("v2.0.0", deadline: Patience.Deployment);
            await then(application);
        }

        var result = then is null ? DeploymentResult.Failed : DeploymentResult.RolledBack;
        var ended = await agent.DeployedAsync("v2.0.0", result, Patience.Deployment);
        await application.RunsExactlyAsync("v1.0.0", Replicas);

        // Told by the event, in the state and in the history; and v1 is what a restart of the agent would run.
        var error = Assert.IsType<DeploymentError>(ended.Error);
        Assert.Equal(code, error.Code);
        var block = Assert.Single(application.State.Blocked);
        Assert.Equal(("v2.0.0", code, 1), (block.Tag, block.Code, block.Failures));
        Assert.Equal((result, error.Message), (application.History[0].Result, application.History[0].Error?.Message));
        Assert.NotNull(error.NextStep);
        Assert.Single(agent.Events.Of<ReleaseBlocked>());

        await application.PublishAsync(agent, "v3.0.0");
        await agent.DeployedAsync("v3.0.0", deadline: Patience.Deployment);
        await load.AnsweredByAsync("v3.0.0", times: 10);
        await load.StopAsync();
        Assert.Equal("", load.Complaints);
        Assert.Empty(application.State.Blocked);
        await application.RunsExactlyAsync("v3.0.0", Replicas);
        if (then is null)
            Assert.DoesNotContain("v2.0.0", load.Answers.Select(answer => answer.Tag));
        return error;
    }
}

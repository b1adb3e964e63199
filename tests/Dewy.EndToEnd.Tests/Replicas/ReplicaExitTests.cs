using Dewy.EndToEnd.Tests.Replicas.Ground;
using Dewy.Engine.Composition;
using Dewy.Tests;
using Xunit;

namespace Dewy.EndToEnd.Tests.Replicas;

/// <summary>How an agent ends, and what becomes of its replicas.</summary>
public abstract class ReplicaExitTests(ReplicaKind kind)
{
    [Fact]
    public async Task Term_DrainsAndRemovesEveryReplica()
    {
        Component.Linux();
        await using var application = await ReplicatedApplication.OpenAsync(kind);
        await application.Ground.PublishAsync("v1.0.0");
        var agent = application.StartCommand();
        await application.RunsExactlyAsync("v1.0.0", 2);
        using var client = new HttpClient();
        var slow = client.GetStringAsync(new Uri($"http://127.0.0.1:{application.Port}/slow"), TestContext.Current.CancellationToken);
        await Task.WhenAny(slow, Task.Delay(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken)); // it takes two seconds

        agent.Signal("TERM");
        Assert.True(await agent.ExitedAsync() == 0, agent.Output);

        Assert.True(slow.IsCompletedSuccessfully, $"{slow.Exception?.InnerException?.Message} {agent.Output}");
        Assert.StartsWith("v1.0.0 ", await slow, StringComparison.Ordinal);
        Assert.Empty(await application.Ground.InstancesAsync());
        if (kind == ReplicaKind.Container)
            Assert.Contains("Cleanup completed containers_cleaned=2", agent.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnExitLeave_ReplicasGoOnAndTheNextAgentAdoptsThem()
    {
        await using var application = await ReplicatedApplication.OpenAsync(kind);
        var first = await application.DeployFirstAsync("v1.0.0", ("on-exit", "leave"));
        var before = await application.Ground.InstancesAsync();
        await first.StopAsync();
        Assert.Equal(before, await application.Ground.InstancesAsync());

        var second = application.StartAgent();
        await second.Events.WaitForAsync<ProxyStarted>();
        var load = application.StartLoad();
        await load.AnsweredByAsync("v1.0.0", times: 20);
        await application.PublishAsync(second, "v2.0.0");
        await second.DeployedAsync("v2.0.0", deadline: Patience.Deployment);
        await load.AnsweredByAsync("v2.0.0", times: 20);
        await load.StopAsync();

        Assert.Equal("", load.Complaints);
        Assert.Equal(2, second.Events.Of<ReplicaAdopted>().Count());
        Assert.DoesNotContain(second.Events.Of<ReplicaStarted>(), started => started.Tag == "v1.0.0");
        Assert.Equal([.. before.Select(instance => instance.Id).Order(StringComparer.Ordinal)], load.Answers.Where(answer => answer.Tag == "v1.0.0").Select(answer => answer.Body?.Split(' ')[2]).Distinct().Order(StringComparer.Ordinal));
        await application.RunsExactlyAsync("v2.0.0", 2);
        await second.StopAsync();
        Assert.Empty(await application.Ground.InstancesAsync());
    }

    [Fact]
    public async Task OneShotDeployments_OpenNoPortAndLeaveReplicasForAnAgentToAdopt()
    {
        await using var application = await ReplicatedApplication.OpenAsync(kind);
        var engine = DewyEngine.Create();
        application.OpenSocket(); // the public port is somebody else's
        foreach (var tag in new[] { "v1.0.0", "v2.0.0" })
        {
            await application.Ground.PublishAsync(tag);
            var deployment = await engine.DeployAsync(application.Options(), force: false, new RecordingEventSink(), TestContext.Current.CancellationToken);
            Assert.Equal((tag, DeploymentResult.Succeeded), (deployment?.Tag, deployment?.Result));
            await application.RunsExactlyAsync(tag, 2);
        }

        application.CloseSocket();
        var agent = application.StartAgent();
        await agent.Events.WaitForAsync<ProxyStarted>();

        Assert.Equal(2, agent.Events.Of<ReplicaAdopted>().Count());
        await agent.StopAsync();
        Assert.Empty(await application.Ground.InstancesAsync());
    }
}

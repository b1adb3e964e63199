using Dewy.EndToEnd.Tests.Replicas.Ground;
using Dewy.Engine.Tests.Containers;
using Xunit;

namespace Dewy.EndToEnd.Tests.Replicas;

/// <summary>What is special about an engine that others use as well, and that goes away at times.</summary>
public sealed class ContainerSafetyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ContainersOfOthers_AreNeverTouched()
    {
        await using var application = await ReplicatedApplication.OpenAsync(ReplicaKind.Container);
        var ground = (ContainerGround)application.Ground;
        var agent = await application.DeployFirstAsync("v1.0.0", ("keep-images", "1"));
        var image = await DockerCommand.RunAsync(Token, "inspect", "--format", "{{.Image}}", (await ground.InstancesAsync())[0].Id);
        string[] others =
        [
            await RunAsync(ground, image),
            await RunAsync(ground, image, "--label", "dewy.managed=true", "--label", $"dewy.app={ground.Application}-other"),
            await RunAsync(ground, image, "--label", $"dewy.app={ground.Application}"),
            await RunAsync(ground, image, "--label", "dewy.managed=false", "--label", $"dewy.app={ground.Application}"),
        ];

        foreach (var tag in new[] { "v2.0.0", "v3.0.0", "v4.0.0" })
        {
            await application.PublishAsync(agent, tag);
            await agent.DeployedAsync(tag, deadline: Patience.Deployment);
        }

        await agent.StopAsync();

        var running = (await DockerCommand.RunAsync(Token, "ps", "--no-trunc", "--quiet", "--filter", $"label={ground.Label}")).Split('\n');
        Assert.Equal(others.Order(StringComparer.Ordinal), running.Order(StringComparer.Ordinal));
        Assert.Contains(image, await ground.EngineImagesAsync());
    }

    [Fact]
    public async Task EngineGoesAwayAndComesBack_ApplicationServesAndWhatHappenedMeanwhileIsMadeUpFor()
    {
        await using var application = await ReplicatedApplication.OpenAsync(ReplicaKind.Container);
        using var relay = new EngineRelay();
        await application.Ground.PublishAsync("v1.0.0");
        var agent = application.StartCommand(new Dictionary<string, string> { ["DOCKER_HOST"] = relay.Address });
        await application.RunsExactlyAsync("v1.0.0", 2);
        var load = application.StartLoad();
        await load.AnsweredByAsync("v1.0.0", times: 10);

        relay.Cut();
        var instances = await application.Ground.InstancesAsync();
        await application.Ground.SignalAsync(instances[0], "KILL");
        await application.Ground.PublishAsync("v2.0.0");
        await load.AnsweredByAsync("v1.0.0", times: load.Answers.Count + 200); // for about four seconds
        relay.Restore();
        await application.RunsExactlyAsync("v2.0.0", 2);
        await load.AnsweredByAsync("v2.0.0", times: 20);
        await load.StopAsync();

        Assert.Equal("", load.Complaints);
        Assert.False(agent.HasExited);
    }

    /// <summary>Somebody else's container of the same image, with the run's label.</summary>
    private static Task<string> RunAsync(ContainerGround ground, string image, params string[] labels) =>
        DockerCommand.RunAsync(Token, ["run", "--detach", .. ground.Arguments(greeting: null), .. labels, image]);
}

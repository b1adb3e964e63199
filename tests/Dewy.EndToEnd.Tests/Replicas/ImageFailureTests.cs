using Dewy.EndToEnd.Tests.Hosting;
using Dewy.EndToEnd.Tests.Replicas.Ground;
using Dewy.Tests;
using Dewy.Tests.Http;
using Xunit;

namespace Dewy.EndToEnd.Tests.Replicas;

/// <summary>Images that cannot be had, and containers that may not be run as asked: what runs goes on.</summary>
public sealed class ImageFailureTests
{
    [Fact]
    public async Task LayerIsGone_CurrentReplicasStayAndTheHistorySaysWhy()
    {
        await using var application = await ReplicatedApplication.OpenAsync(ReplicaKind.Container);
        var ground = (ContainerGround)application.Ground;
        var door = application.Track(new RegistryDoor(ground.Images.Authority));
        await door.StartAsync();
        ground.Authority = door.Address.Authority;

        var error = await FailsToPullAsync(application, async () =>
        {
            door.Add(new Fault.Answer(404, """{"errors":[{"code":"BLOB_UNKNOWN","message":"blob unknown to registry"}]}""")
            {
                When = request => request.Headers.UserAgent.ToString().StartsWith("docker/", StringComparison.Ordinal) && request.Path.Value!.Contains("/blobs/", StringComparison.Ordinal), // a request has a path
            });
            await ground.PublishAsync("v2.0.0");
        });

        Assert.Contains("could not be pulled", error.Message, StringComparison.Ordinal);
        door.Heal();
    }

    [Fact]
    public async Task EngineIsDenied_CurrentReplicasStayAndTheHistorySaysWhy()
    {
        await using var application = await ReplicatedApplication.OpenAsync(ReplicaKind.Container);
        var ground = (ContainerGround)application.Ground;
        var door = application.Track(new RegistryDoor(ground.Images.Authority));
        await door.StartAsync();
        ground.Authority = door.Address.Authority;

        var error = await FailsToPullAsync(application, async () =>
        {
            door.Add(new Fault.Answer(403, """{"errors":[{"code":"DENIED","message":"requested access to the resource is denied"}]}""")
            {
                When = request => request.Headers.UserAgent.ToString().StartsWith("docker/", StringComparison.Ordinal) && request.Path.Value!.Contains("/blobs/", StringComparison.Ordinal), // a request has a path
            });
            await ground.PublishAsync("v2.0.0");
        });

        Assert.Equal(ErrorCode.RegistryUnauthorized, error.Code);
        Assert.Contains("denied", error.Message, StringComparison.Ordinal);
        door.Heal();
    }

    [Theory]
    [InlineData("--privileged")]
    [InlineData("-d")]
    [InlineData("--network=host")]
    [InlineData("--volume=/:/host")]
    [InlineData("--label=dewy.managed=false")]
    public async Task RunOptionThatTakesControl_IsRefusedAtStart(string option)
    {
        Component.Linux();
        using var directory = new TemporaryDirectory();
        await using var agent = AgentProcess.StartCommand(directory.Path, "container", "--registry", "img://127.0.0.1:9/acme/app", "--root", directory.Path, "--port", $"127.0.0.1:{FreePort.Find()}", "--", option);

        Assert.Equal((int)ExitCode.Usage, await agent.ExitedAsync());

        Assert.Contains(option.Split('=')[0], agent.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Reverse proxy started", agent.Output, StringComparison.Ordinal);
    }

    private static async Task<DeploymentError> FailsToPullAsync(ReplicatedApplication application, Func<Task> publish)
    {
        var agent = await application.DeployFirstAsync("v1.0.0", ("interval", "10m")); // it looks when it is told to
        var load = application.StartLoad();
        var before = await application.Ground.InstancesAsync();

        await publish();
        agent.Wake();
        var failed = await agent.DeployedAsync("v2.0.0", DeploymentResult.Failed, Patience.Deployment);
        await load.AnsweredByAsync("v1.0.0", times: 20);
        await load.StopAsync();

        Assert.Equal("", load.Complaints);
        Assert.Equal(before.OrderBy(instance => instance.Id), (await application.Ground.InstancesAsync()).OrderBy(instance => instance.Id));
        var error = Assert.IsType<DeploymentError>(failed.Error);
        Assert.Equal("fetch", error.Phase);
        Assert.Equal(error.Message, application.History[0].Error?.Message);
        Assert.Equal("v2.0.0", Assert.Single(application.State.Blocked).Tag);
        Assert.Equal("v2.0.0", Assert.Single(agent.Events.Of<ImagePullFailed>()).Tag);
        return error;
    }
}

using Dewy.EndToEnd.Tests.Replicas.Ground;
using Xunit;

namespace Dewy.EndToEnd.Tests.Cli;

/// <summary>The command lines of the document Dewy was created from, as they are written there.</summary>
public sealed class SeedCommandLineTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("3")]
    public async Task Container_AsWritten_IsUnderstood(string replicas)
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { AgentBody = (_, _) => Task.CompletedTask } };

        var code = await dewy.RunAsync([
            "container", "--registry", "img://ghcr.io/linyows/myapp?pre-release=true", "--container-port", "8080",
            .. replicas is "1" ? (string[])[] : ["--replicas", replicas],
            "--health-path", "/health", "--health-timeout", "30", "--port", "8000", "--log-level", "info"]);

        Assert.Equal((ExitCode.Ok, ""), (code, dewy.Error));
        var options = dewy.Engine.Options ?? new OptionSet();
        Assert.Equal(["container"], options.Values("mode"));
        var bound = Dewy.Engine.Composition.ApplicationOptionsBinder.Bind(options, dewy.Directory, new Dictionary<string, string>());
        Assert.Equal(("myapp", int.Parse(replicas), "/health", TimeSpan.FromSeconds(30)), (bound.Name, bound.Replicas?.Count, bound.Replicas?.HealthPath, bound.Replicas?.HealthTimeout));
        Assert.Equal((8080, "8000"), (bound.Container?.Port, Assert.Single(bound.Proxy?.Ports ?? []).Listen.Spec));
        Assert.True(bound.Criteria.PreRelease);
    }

    [Fact]
    public async Task Container_ThreeReplicas_SaysWhatTheDocumentSays()
    {
        await using var application = await ReplicatedApplication.OpenAsync(ReplicaKind.Container, replicas: 3);
        var ground = (ContainerGround)application.Ground;
        await ground.PublishAsync("v1.2.3-rc.1");
        var agent = application.Track(Hosting.AgentProcess.StartCommand(application.Combine(), [
            "container", "--registry", $"{ground.Registry}?pre-release=true", "--container-port", "8080", "--replicas", "3", "--health-path", "/health", "--health-timeout", "30",
            "--port", $"127.0.0.1:{application.Port}", "--log-level", "info", "--admin-port", "0", "--root", application.Root, "--name", ground.Application, "--", .. ground.Arguments(greeting: null)]));
        await application.RunsExactlyAsync("v1.2.3-rc.1", 3);
        var load = application.StartLoad();
        await load.AnsweredByAsync("v1.2.3-rc.1", times: 12);
        await load.StopAsync();
        agent.Signal("TERM");
        Assert.Equal(0, await agent.ExitedAsync());

        Assert.Equal("", load.Complaints);
        Assert.Equal(3, load.Answers.Select(answer => answer.Body?.Split(' ')[2]).Distinct().Count()); // round robin
        var said = agent.Lines.ToList();
        var at = -1;
        foreach (var words in new[]
        {
            "Dewy started", "Starting built-in reverse proxy", "Reverse proxy started successfully", "Pulling new image", "Image pull complete",
            "Starting new container", "Container port mapped", "Health checking new container", "Health check passed", "Proxy backend updated",
            "Container added to load balancer backend_count=1", "Container added to load balancer backend_count=3", "Container deployment completed new_containers=3",
            "Shutting down gracefully", "Stopping reverse proxy", "Stopping managed container", "Managed container removed", "Cleanup completed containers_cleaned=3",
        })
        {
            var next = said.FindIndex(at + 1, line => line.Contains(words, StringComparison.Ordinal));
            Assert.True(next >= 0, $"'{words}' does not come after line {at + 1} of:\n{agent.Output}");
            at = next;
        }

        Assert.Equal(3, said.Count(line => line.Contains("Container added to load balancer", StringComparison.Ordinal)));
    }
}

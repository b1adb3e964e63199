using System.Diagnostics;
using Dewy.EndToEnd.Tests.Hosting;
using Dewy.EndToEnd.Tests.Replicas.Ground;
using Dewy.EndToEnd.Tests.Replicas.Load;
using Xunit;

namespace Dewy.EndToEnd.Tests.Replicas;

/// <summary>Replicas that are moved from release to release under every kind of traffic lose nothing.</summary>
public abstract class ReplicaZeroLossTests(ReplicaKind kind)
{
    private const int Replicas = 3;
    private const int Releases = 20;

    [Fact]
    public async Task TwentyReleases_EveryKindOfExchange_LosesNothingAndEachAnswerIsOfALiveVersion()
    {
        await using var application = await ReplicatedApplication.OpenAsync(kind, Replicas, ReplicaProgram.Full);
        var began = Stopwatch.GetTimestamp();
        var agent = await application.DeployFirstAsync("v1.0.0", ("health-timeout", "90s"), ("drain-time", "60s"));
        var load = application.StartLoad(requestsPerSecond: 50);
        using var client = new ProxyClient(application.Ports[0], application.Ports[1], application.Ports[2]);
        var plain = application.Track(new SteadyLoad(application.Ports[2], requestsPerSecond: 25, keepsAlive: false));
        ExchangeLoad[] others =
        [
            application.Track(ExchangeLoad.Steady("HTTP/2", perSecond: 25, client.GetOverHttp2Async)),
            application.Track(ExchangeLoad.Repeated("HTTP/2 stream", atOnce: 2, client.StreamOverHttp2Async)),
            application.Track(ExchangeLoad.Repeated("gRPC stream", atOnce: 2, client.WatchAsync)),
            application.Track(ExchangeLoad.Repeated("download", atOnce: 2, client.DownloadAsync)),
            application.Track(ExchangeLoad.Repeated("TCP download", atOnce: 2, client.DownloadOverTcpAsync)),
            application.Track(ExchangeLoad.Repeated("upload", atOnce: 2, client.UploadAsync)),
            application.Track(ExchangeLoad.Repeated("slow download", atOnce: 1, client.DownloadSlowlyAsync)),
            application.Track(ExchangeLoad.Repeated("slow upload", atOnce: 1, client.UploadSlowlyAsync)),
            application.Track(ExchangeLoad.Repeated("WebSocket", atOnce: 2, client.TalkAsync)),
        ];
        await load.AnsweredByAsync("v1.0.0", times: 20);

        for (var number = 1; number <= Releases; number++)
        {
            await application.PublishAsync(agent, $"v1.{number}.0");
            await agent.DeployedAsync($"v1.{number}.0", deadline: Patience.Deployment);
        }

        await load.AnsweredByAsync($"v1.{Releases}.0", times: 50);
        await Task.WhenAll([load.StopAsync(), plain.StopAsync(), .. others.Select(other => other.StopAsync())]);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Stopwatch.GetElapsedTime(began).TotalSeconds:0} s; HTTP/1.1: {load.Answers.Count} ({load.Failures.Count} failed), TCP: {plain.Answers.Count} ({plain.Failures.Count} failed), {string.Join(", ", others.Select(other => $"{other.Kind}: {other.Answers.Count} ({other.Failures.Count} failed)"))}; {client.Farewells} WebSockets told to go");

        Assert.Equal("", string.Join("; ", others.Select(other => other.Complaints).Prepend(load.Complaints).Prepend(plain.Complaints).Where(complaint => complaint.Length > 0)));
        Assert.Equal([], new LiveVersions(agent.Events).WrongAnswers(load.Answers.Concat(plain.Answers).Concat(others.SelectMany(other => other.Answers))));
        Assert.All(others, other => Assert.True(other.Answers.Count >= (other.Kind.StartsWith("slow", StringComparison.Ordinal) ? 2 : 10), $"{other.Kind}: {other.Answers.Count} only"));
        Assert.True(plain.Answers.Count >= load.Answers.Count / 3, $"TCP: {plain.Answers.Count} only");
        Assert.True(client.Farewells >= 10, $"{client.Farewells} WebSockets were told to go.");
        Assert.Equal(Releases + 1, agent.Events.Of<DeploymentEnded>().Count(ended => ended.Deployment.Result == DeploymentResult.Succeeded));
        await application.RunsExactlyAsync($"v1.{Releases}.0", Replicas);
        if (application.Ground is ContainerGround containers)
            Assert.InRange((await containers.EngineImagesAsync()).Count, 1, 16); // 7 are kept, and what is live, was live before or still drains
    }
}

using System.Formats.Tar;
using System.IO.Compression;
using System.Reflection;
using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Tests;
using Xunit;

namespace Dewy.EndToEnd.Tests.ZeroLoss;

/// <summary>A program that is moved from release to release under load loses nothing.</summary>
public sealed class ZeroLossTests
{
    [Fact]
    public async Task TwentyReleases_SteadyLoad_LoseNoRequestAndEachAnswerIsOfALiveVersion()
    {
        await using var application = new SampleApplication();
        application.Registry.Publish("v1.0.0");
        var agent = application.StartAgent();
        await agent.DeployedAsync("v1.0.0");
        var load = application.StartLoad(requestsPerSecond: 200);
        await load.AnsweredByAsync("v1.0.0", times: 20);

        for (var number = 1; number <= 20; number++)
        {
            application.Publish(agent, $"v1.{number}.0");
            await agent.DeployedAsync($"v1.{number}.0");
        }

        await load.AnsweredByAsync("v1.20.0", times: 50);
        await load.StopAsync();

        Assert.Equal("", load.Complaints);
        Assert.Equal(0, load.Refused);
        Assert.Equal([], WrongAnswers(load, agent.Events));
        Assert.Equal(21, agent.Events.Of<DeploymentEnded>().Count(ended => ended.Deployment.Result == DeploymentResult.Succeeded));
        Assert.Equal(20, agent.Events.Of<ServerRestarted>().Count());
        TestContext.Current.TestOutputHelper?.WriteLine($"{load.Answers.Count} requests, answered by {load.Answers.Select(answer => answer.Tag).Distinct().Count()} versions");
    }

    [Fact]
    public async Task KestrelOnInheritedSockets_SteadyLoad_LosesNoRequest()
    {
        await using var application = new SampleApplication();
        (string, string)[] options = [("health-path", "/health")];
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        application.Registry.Publish("v1.0.0", WebProgram("v1.0.0"));
        var agent = application.StartAgent(command: [dotnet, "./current/web.dll"], options);
        await agent.DeployedAsync("v1.0.0");
        var load = application.StartLoad(requestsPerSecond: 100, keepsAlive: false);
        await load.AnsweredByAsync("v1.0.0", times: 20);

        foreach (var tag in new[] { "v1.1.0", "v1.2.0" })
        {
            application.Registry.Publish(tag, WebProgram(tag));
            agent.Wake();
            await agent.DeployedAsync(tag);
            await load.AnsweredByAsync(tag, times: 20);
        }

        await load.StopAsync();
        Assert.Equal("", load.Complaints);
        Assert.Equal(["v1.0.0", "v1.1.0", "v1.2.0"], load.Answers.Select(answer => answer.Tag).Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>Answers of a generation that did not live between the request and its answer.</summary>
    private static IReadOnlyList<string> WrongAnswers(SteadyLoad load, RecordingEventSink events)
    {
        var started = events.Of<GenerationStarted>().ToDictionary(generation => generation.Generation);
        var exited = events.Of<GenerationExited>().ToDictionary(generation => generation.Generation, generation => generation.Time);
        return [.. load.Answers
            .Where(answer => started[answer.Generation] is var generation
                && (generation.Tag != answer.Tag || generation.Time > answer.Ended || (exited.TryGetValue(answer.Generation, out var end) && end < answer.Began)))
            .Select(answer => $"{answer.Body} answered a request of {answer.Began:HH:mm:ss.fff}")];
    }

    /// <summary>The quickstart's program as a release.</summary>
    private static byte[] WebProgram(string tag)
    {
        var program = typeof(ZeroLossTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(metadata => metadata.Key == "Web").Value;
        using var archive = new MemoryStream();
        using (var gzip = new GZipStream(archive, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip))
        {
            foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(program) ?? ""))
                tar.WriteEntry(file, Path.GetFileName(file));
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "version.txt") { DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(tag)) });
        }

        return archive.ToArray();
    }
}

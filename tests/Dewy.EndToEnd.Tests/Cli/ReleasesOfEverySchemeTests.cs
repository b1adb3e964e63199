using System.Text.Json;
using Dewy.Cli.Output;
using Dewy.EndToEnd.Tests.Hosting;
using Dewy.EndToEnd.Tests.Secrets;
using Dewy.Engine.Composition;
using Dewy.Tests;
using Xunit;

namespace Dewy.EndToEnd.Tests.Cli;

/// <summary>What the real <c>dewy releases</c> shows is what the engine says, whatever the registry.</summary>
public sealed class ReleasesOfEverySchemeTests : IDisposable
{
    private readonly Canaries _credentials = new();
    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData("file")]
    [InlineData("ghr")]
    [InlineData("s3")]
    [InlineData("gs")]
    [InlineData("img")]
    [InlineData("grpc")]
    public async Task Releases_OfAScheme_AreTheEnginesOwnAsObjectsAndAsATable(string scheme)
    {
        await using var registry = scheme is "file" ? null : await CanaryRegistry.StartAsync(scheme, _credentials);
        var url = registry?.Url ?? Folder();
        var engine = new DewyEngine(Services());
        var expected = await engine.GetReleasesAsync(new OptionSet { BaseDirectory = _directory.Path }.Add("registry", url), all: true, new RecordingEventSink(), TestContext.Current.CancellationToken);

        var json = await RunAsync("releases", "--all", "--format", "json", url);
        var newest = await RunAsync("releases", "--format", "json", url);
        var table = await RunAsync("releases", "--all", url);

        Assert.Equal(scheme is "grpc" ? [CanaryRegistry.Tags[^1]] : CanaryRegistry.Tags.Reverse(), expected.Select(release => release.Tag), StringComparer.Ordinal);
        Assert.True(expected[0] is { IsNewest: true, CreatedAt: not null, Artifact: not null });
        Assert.DoesNotContain(expected.Skip(1), release => release.IsNewest);
        Assert.Equal(JsonOutput.Of(expected).TrimEnd(), json);
        Assert.Equal(JsonOutput.Of(expected.Take(1)).TrimEnd(), newest);
        Assert.Equal(ReleaseTable.Of(expected).TrimEnd(), table);
        Assert.EndsWith("*", table.Split('\n')[1].TrimEnd(), StringComparison.Ordinal);
        using var document = JsonDocument.Parse(json);
        Assert.Equal(CanaryRegistry.Tags[^1], document.RootElement[0].GetProperty("tag").GetString());
        Assert.True(document.RootElement[0].GetProperty("is_newest").GetBoolean());
    }

    public void Dispose()
    {
        _credentials.Dispose();
        _directory.Dispose();
    }

    private EngineServices Services()
    {
        var host = EngineServices.OfThisHost();
        return new EngineServices
        {
            Time = host.Time,
            Environment = _credentials.Environment,
            Processes = host.Processes,
            Platform = host.Platform,
            UserName = host.UserName,
            HostName = host.HostName,
            Jitter = host.Jitter,
        };
    }

    private string Folder()
    {
        var folder = new ReleaseFolder(Directory.CreateDirectory(_directory.Combine("registry")).FullName);
        foreach (var tag in CanaryRegistry.Tags)
            folder.Publish(tag, ReleaseFolder.Pack(("file", tag)));
        return folder.Url;
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        await using var dewy = AgentProcess.StartCommand(_directory.Path, _credentials.Environment, arguments);
        Assert.True(await dewy.ExitedAsync() == 0, dewy.Output);
        return dewy.Output.TrimEnd();
    }
}

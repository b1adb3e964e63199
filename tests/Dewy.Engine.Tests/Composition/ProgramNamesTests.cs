using Dewy.Engine.Composition;
using Dewy.Engine.Processes;
using Dewy.Engine.Releases;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Composition;

/// <summary>Under which names the engine looks for the program in file names.</summary>
public sealed class ProgramNamesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("windows/amd64", "linux-tool", "linux-tool-windows-amd64.zip")] // only the repository's name is no platform here
    [InlineData("linux/amd64", "suite", "shop-linux-amd64.tar.gz")] // the application's name
    public async Task GetReleases_ProgramIsNamedAfterRepositoryOrApplication_IsFound(string platform, string repository, string expected)
    {
        var release = Directory.CreateDirectory(_directory.Combine(repository, "v1.0.0")).FullName;
        await File.WriteAllTextAsync(Path.Combine(release, expected), "x", TestContext.Current.CancellationToken);
        if (repository is "suite")
            await File.WriteAllTextAsync(Path.Combine(release, "office-linux-amd64.tar.gz"), "x", TestContext.Current.CancellationToken);
        var options = new OptionSet()
            .Add("mode", "assets")
            .Add("name", "shop")
            .Add("registry", new Uri(_directory.Combine(repository)).AbsoluteUri)
            .Add("root", _directory.Combine("root"));

        var releases = await Engine(platform).GetReleasesAsync(options, all: false, new RecordingEventSink(), TestContext.Current.CancellationToken);

        Assert.Equal(expected, Assert.Single(releases).Artifact?.Name);
    }

    private static DewyEngine Engine(string platform) => new(new EngineServices
    {
        Time = TimeProvider.System,
        Environment = new Dictionary<string, string>(StringComparer.Ordinal),
        Processes = new ProcessStarter(),
        Platform = HostPlatform.Parse(platform),
        UserName = "tester",
        HostName = "web-1",
        Jitter = () => 0.5,
    });
}

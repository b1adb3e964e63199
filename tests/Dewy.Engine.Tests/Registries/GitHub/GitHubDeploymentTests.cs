using Dewy.Engine.Composition;
using Dewy.Engine.Processes;
using Dewy.Engine.Releases;
using Dewy.Tests;
using Dewy.Tests.GitHub;
using Xunit;

namespace Dewy.Engine.Tests.Registries.GitHub;

/// <summary>A repository's release goes all the way: found, fetched, verified, deployed and reported.</summary>
public sealed class GitHubDeploymentTests : GitHubTestBase, IDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly RecordingEventSink _events = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task Deploy_FromGitHub_VerifiesDeploysAndReports()
    {
        var server = await StartAsync();
        var release = server.Publish("v1.0.0", DateTimeOffset.UtcNow.AddHours(-1), File("app_linux_amd64", "#!/bin/sh\n"));

        var deployment = await Engine(server).DeployAsync(Options, force: false, _events, Cancellation);

        Assert.Equal(DeploymentResult.Succeeded, deployment?.Result);
        Assert.Equal("#!/bin/sh\n", await System.IO.File.ReadAllTextAsync(Directory.EnumerateFiles(_root.Combine("current")).Single(), Cancellation));
        Assert.Matches(@"\Ashipped_to_web-1_assets_at_\d{8}T\d{6}\.\d{9}Z\.txt\z", release.Assets[1].Name);
        Assert.StartsWith("shipped to web-1 assets at ", System.Text.Encoding.UTF8.GetString(release.Assets[1].Content), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_ContentIsNotWhatTheDigestSays_IsRefused()
    {
        var server = await StartAsync();
        server.Publish("v1.0.0", DateTimeOffset.UtcNow.AddHours(-1), File("app_linux_amd64", "#!/bin/sh\n")).Assets[0].Digest = "sha256:" + new string('0', 64);

        var deployment = await Engine(server).DeployAsync(Options, force: false, _events, Cancellation);

        Assert.Equal((DeploymentResult.Failed, ErrorCode.ChecksumMismatch), (deployment?.Result, deployment?.Error?.Code));
        Assert.False(Directory.Exists(_root.Combine("current")));
    }

    [Fact]
    public async Task List_All_HasEveryReleaseWithItsArtifact()
    {
        var server = await StartAsync();
        server.Publish("v1.0.0", Now.AddHours(-2), File());
        server.Publish("v1.1.0", Now.AddHours(-1), File());

        var releases = await Engine(server).GetReleasesAsync(Options, all: true, _events, Cancellation);

        Assert.Equal(["v1.1.0", "v1.0.0"], releases.Select(release => release.Tag));
        Assert.All(releases, release => Assert.NotNull(release.Artifact?.Digest));
        Assert.Single(server.Requests);
    }

    private OptionSet Options => new OptionSet().Add("registry", "ghr://acme/app").Add("root", _root.Path).Add("mode", "assets");

    private static DewyEngine Engine(GitHubServer server) => new(new EngineServices
    {
        Time = new Artifacts.ImpatientTimeProvider(),
        Environment = Variables(server, ("GH_TOKEN", Token)),
        Processes = new ProcessStarter(),
        Platform = HostPlatform.Parse("linux/amd64"),
        UserName = "tester",
        HostName = "web-1",
        Jitter = () => 0.5,
    });
}

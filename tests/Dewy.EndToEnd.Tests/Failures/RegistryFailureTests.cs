using System.Runtime.InteropServices;
using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Tests;
using Xunit;

namespace Dewy.EndToEnd.Tests.Failures;

public sealed class RegistryFailureTests
{
    [Fact]
    public async Task FolderMissing_SaysWhich()
    {
        await using var application = new SampleApplication(DeploymentMode.Assets);
        Directory.Delete(application.Registry.Path);

        var exception = await Expect.ThrownAsync(ErrorCode.RegistryNotFound, ExitCode.Registry, [application.Registry.Path], () => application.DeployOnceAsync());

        Assert.Equal("check", exception.Phase);
    }

    [Fact]
    public async Task FolderUnreadable_CommandSaysSoAndEndsWith3()
    {
        Component.LinuxRoot(); // root may read everything, so another user asks
        var setpriv = Component.Program("setpriv");
        await using var application = new SampleApplication(DeploymentMode.Assets);
        application.Registry.Publish("v1.0.0");
        File.SetUnixFileMode(application.Registry.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(application.Combine(), (UnixFileMode)0b111_101_101);

        var command = application.StartCommandAs(setpriv, ["--reuid=65534", "--regid=65534", "--clear-groups"], "releases", "--registry", application.Registry.Url);

        Assert.Equal(3, await command.ExitedAsync());
        Assert.Contains($"Not allowed to read {application.Registry.Path}", command.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoMatchingVersion_SaysWhatIsThere()
    {
        await using var application = new SampleApplication(DeploymentMode.Assets);
        application.Registry.Publish("latest");
        application.Registry.Publish("v2.0.0-rc.1");

        await Expect.ThrownAsync(ErrorCode.NoMatchingVersion, ExitCode.Registry, ["'latest'", "pre-release", "v2.0.0-rc.1"], () => application.DeployOnceAsync());
    }

    [Fact]
    public async Task NoMatchingArtifact_OutsideTheGracePeriod_IsAnError()
    {
        await using var application = new SampleApplication(DeploymentMode.Assets);
        application.Registry.Publish("v1.0.0", [1, 2, 3], name: "other.zip");

        await Expect.ThrownAsync(ErrorCode.ArtifactNotFound, ExitCode.Registry, ["v1.0.0", "app.tar.gz", "other.zip"], () => application.DeployOnceAsync(("grace-period", "0")));
    }

    [Fact]
    public async Task NoMatchingArtifact_InsideTheGracePeriod_IsWaitedFor()
    {
        await using var application = new SampleApplication(DeploymentMode.Assets);
        application.Registry.Publish("v1.0.0", [1, 2, 3], name: "other.zip");
        var agent = application.StartAgent();

        var held = await agent.Events.WaitForAsync<GracePeriodHeld>();

        Assert.Equal(("v1.0.0", TimeSpan.FromMinutes(30)), (held.Tag, held.GracePeriod));
        application.Registry.Withdraw("v1.0.0");
        application.Publish(agent, "v1.0.0");
        await agent.DeployedAsync("v1.0.0");
        Assert.Empty(agent.Events.Of<CycleFailed>().Where(failed => failed.Error.Code != ErrorCode.NoMatchingVersion)); // for a moment there was none
    }

    [Fact]
    public async Task AmbiguousArtifact_ListsTheCandidates()
    {
        Component.Linux();
        await using var application = new SampleApplication(DeploymentMode.Assets);
        var archive = ReleaseFolder.Pack(("a-version.txt", "v1.0.0"));
        var platform = $"linux_{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}.tar.gz";
        application.Registry.Publish("v1.0.0", archive, name: $"one_{platform}");
        File.WriteAllBytes(Path.Combine(application.Registry.Path, "v1.0.0", $"two_{platform}"), archive);

        await Expect.ThrownAsync(ErrorCode.ArtifactAmbiguous, ExitCode.Registry, ["v1.0.0", $"one_{platform}", $"two_{platform}"], () => application.DeployOnceAsync(("registry", $"file://{application.Registry.Path}")));
    }

    [Fact]
    public async Task RegistryDownAtStart_WhatIsLiveIsStarted_AndDeployingGoesOnWhenItIsBack()
    {
        await using var application = new SampleApplication();
        application.Registry.Publish("v1.0.0");
        var first = application.StartAgent();
        await first.DeployedAsync("v1.0.0");
        await first.StopAsync();
        var away = application.Registry.Path + ".away";
        Directory.Move(application.Registry.Path, away);

        var agent = application.StartAgent();
        await agent.Events.WaitForAsync<ServerStarted>();
        var failed = await agent.Events.WaitForAsync<CycleFailed>();

        await application.AnswersAsync("v1.0.0");
        Assert.Equal(ErrorCode.RegistryNotFound, failed.Error.Code);
        Directory.Move(away, application.Registry.Path);
        application.Publish(agent, "v2.0.0");
        await agent.DeployedAsync("v2.0.0");
        Assert.Single(agent.Events.Of<Recovered>());
    }
}

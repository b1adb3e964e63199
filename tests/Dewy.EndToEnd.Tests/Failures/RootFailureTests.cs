using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Tests;
using Xunit;

namespace Dewy.EndToEnd.Tests.Failures;

/// <summary>Roots that cannot be written, or are somebody else's.</summary>
public sealed class RootFailureTests
{
    [Fact]
    public async Task ReleaseLargerThanTheDisk_IsRefusedAndTheLiveOneGoesOn()
    {
        using var disk = new SmallFileSystem(mebibytes: 8);
        await using var application = new SampleApplication(root: Path.Combine(disk.Path, "root"));
        await application.DeployAsync("v1.0.0");
        application.Registry.Publish("v2.0.0", ReleaseFolder.Pack(("a-version.txt", "v2.0.0"), ("filler.txt", string.Concat(Enumerable.Range(0, 2_000_000)))));

        var error = await Expect.FailedAsync(application, ErrorCode.DiskFull, "extract", ["No space left", application.Root]);

        Assert.Contains("Free space", error.NextStep, StringComparison.Ordinal);
        await application.AnswersAsync("v1.0.0");
        await application.DeployAsync("v3.0.0");
        await application.AnswersAsync("v3.0.0");
    }

    [Fact]
    public async Task DiskFillsUpWhileTheAgentRuns_TheApplicationGoesOn_AndDeployingWhenThereIsSpace()
    {
        using var disk = new SmallFileSystem(mebibytes: 8);
        await using var application = new SampleApplication(root: Path.Combine(disk.Path, "root"));
        application.Registry.Publish("v1.0.0");
        var agent = application.StartAgent();
        await agent.DeployedAsync("v1.0.0");

        disk.Fill();
        application.Publish(agent, "v2.0.0");
        var failed = await agent.Events.WaitForAsync<CycleFailed>(failed => failed.Error.Code == ErrorCode.DiskFull);

        Assert.Contains(application.Root, failed.Error.Message, StringComparison.Ordinal);
        Assert.False(agent.Running.IsCompleted);
        await application.AnswersAsync("v1.0.0");
        disk.Free();
        agent.Wake(force: true);
        await agent.DeployedAsync("v2.0.0");
        await application.AnswersAsync("v2.0.0");
    }

    [Fact]
    public async Task DiskFullAtStart_WhatIsLiveIsStarted()
    {
        using var disk = new SmallFileSystem(mebibytes: 8);
        await using var application = new SampleApplication(root: Path.Combine(disk.Path, "root"));
        application.Registry.Publish("v1.0.0");
        var first = application.StartAgent();
        await first.DeployedAsync("v1.0.0");
        await first.StopAsync();
        disk.Fill();

        var agent = application.StartAgent();
        await Task.WhenAny(agent.Events.WaitForAsync<GenerationReady>(), agent.Running);

        await application.AnswersAsync("v1.0.0");
        Assert.False(agent.Running.IsCompleted);
        Assert.NotEmpty(agent.Events.Of<AttentionNeeded>());
    }

    [Fact]
    public async Task ReadOnlyRoot_AgentDoesNotStart()
    {
        using var disk = new SmallFileSystem(mebibytes: 8);
        await using var application = new SampleApplication(DeploymentMode.Assets, Path.Combine(disk.Path, "root"));
        await application.DeployAsync("v1.0.0");
        disk.MakeReadOnly();

        var agent = application.StartAgent();

        await Expect.ThrownAsync(ErrorCode.RootReadOnly, ExitCode.DeploymentFailed, ["Not allowed to write", application.Root], () => agent.Running);
    }

    [Fact]
    public async Task SecondAgentInTheSameRoot_NamesTheFirst()
    {
        Component.Linux();
        await using var application = new SampleApplication(DeploymentMode.Assets);
        application.Registry.Publish("v1.0.0");
        var first = application.StartAgentProcess();
        await first.SaidAsync("AgentStarted");

        var second = application.StartAgent();
        await Expect.ThrownAsync(ErrorCode.RootLocked, ExitCode.Locked, [application.Root, $"process {first.Id}"], () => second.Running);

        var third = application.StartCommand("assets", "--registry", application.Registry.Url, "--root", application.Root);
        Assert.Equal(5, await third.ExitedAsync());
        Assert.Contains($"process {first.Id}", third.Output, StringComparison.Ordinal);
        Assert.False(first.HasExited);
    }
}

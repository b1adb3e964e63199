using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Tests;
using Xunit;

namespace Dewy.EndToEnd.Tests.Failures;

public sealed class HookFailureTests
{
    [Fact]
    public async Task HookFails_WithAbort_NothingIsSwitched()
    {
        await using var application = new SampleApplication(DeploymentMode.Assets);
        await application.DeployAsync("v1.0.0");
        application.Registry.Publish("v2.0.0");

        await Expect.FailedAsync(application, ErrorCode.HookFailed, "before-hook", ["7"], ("before-deploy-hook", "echo no >&2; exit 7"), ("on-hook-failure", "abort"));
    }

    [Fact]
    public async Task HookTakesTooLong_WithAbort_IsEndedWithItsChildren()
    {
        Component.Linux();
        await using var application = new SampleApplication(DeploymentMode.Assets);
        await application.DeployAsync("v1.0.0");
        application.Registry.Publish("v2.0.0");

        await Expect.FailedAsync(
            application, ErrorCode.HookTimeout, "before-hook", ["1 s"], ("before-deploy-hook", "sleep 300 & echo $! >child.txt; mv child.txt current/; wait"), ("on-hook-failure", "abort"), ("hook-timeout", "1"));

        var child = int.Parse(File.ReadAllText(Path.Combine(application.Root, "current", "child.txt")));
        await Eventually.IsTrueAsync(() => !ProgramProcesses.IsRunning(child), "the hook's child is gone", TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task HookFails_WithoutAbort_IsToldAndTheDeploymentGoesOn()
    {
        await using var application = new SampleApplication(DeploymentMode.Assets);
        application.Registry.Publish("v1.0.0");
        var agent = application.StartAgent(("before-deploy-hook", "exit 7"), ("after-deploy-hook", "exit 8"));

        await agent.DeployedAsync("v1.0.0");

        Assert.Equal([7, 8], agent.Events.Of<HookCompleted>().Select(completed => completed.Result.ExitCode));
    }
}

using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Tests;
using Xunit;

namespace Dewy.EndToEnd.Tests.BadReleases;

/// <summary>A program that ends again and again where there is nothing to go back to.</summary>
public sealed class CrashLoopTests
{
    [Fact]
    public async Task FirstReleaseDiesAgainAndAgain_IsRestartedLessAndLessOften_AndAGoodOneReplacesItAtOnce()
    {
        await using var application = new SampleApplication();
        application.Registry.Publish("v1.0.0", new Behaviour { DiesAfter = TimeSpan.FromSeconds(0.3) });
        var agent = application.StartAgent();

        var fourth = await agent.Events.WaitForAsync<RestartScheduled>(scheduled => scheduled.Crashes == 4);

        Assert.InRange(fourth.Delay, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4));
        var delays = agent.Events.Of<RestartScheduled>().ToDictionary(scheduled => scheduled.Crashes, scheduled => scheduled.Delay);
        Assert.InRange(delays[2], TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1));
        Assert.InRange(delays[3], TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(2));
        Assert.Equal(4, agent.Events.Of<GenerationStarted>().Count());
        Assert.Equal(3, agent.Events.Of<ServerRestarted>().Count(restarted => restarted.Reason == "crash"));

        application.Publish(agent, "v2.0.0");
        await agent.DeployedAsync("v2.0.0");
        await application.AnswersAsync("v2.0.0");
        Assert.Equal(5, agent.Events.Of<GenerationStarted>().Count());
    }
}

using Dewy.EndToEnd.Tests.Replicas.Ground;
using Xunit;

namespace Dewy.EndToEnd.Tests.Replicas;

/// <summary>An agent that is started again with other options, its replicas left running meanwhile.</summary>
public abstract class ReplicaRestartTests(ReplicaKind kind)
{
    private static readonly (string, string) Leave = ("on-exit", "leave");

    [Fact]
    public async Task OtherCountAndOtherOptions_AreApplied()
    {
        await using var application = await ReplicatedApplication.OpenAsync(kind);
        var agent = await application.DeployFirstAsync("v1.0.0", Leave, ("greeting", "hello"));
        var two = await application.Ground.InstancesAsync();
        await agent.StopAsync();

        // More: what runs stays.
        agent = application.StartAgent(Leave, ("greeting", "hello"), ("replicas", "3"));
        await application.RunsExactlyAsync("v1.0.0", 3);
        var three = await application.Ground.InstancesAsync();
        Assert.All(two, instance => Assert.Contains(instance, three));
        await agent.StopAsync();

        // Fewer: one that ran stays.
        agent = application.StartAgent(Leave, ("greeting", "hello"), ("replicas", "1"));
        await application.RunsExactlyAsync("v1.0.0", 1);
        var one = Assert.Single(await application.Ground.InstancesAsync());
        Assert.Contains(one, three);
        await agent.StopAsync();

        // Other options: all are replaced, under load and without a lost request.
        agent = application.StartAgent(Leave, ("greeting", "ahoy"), ("replicas", "2"));
        var load = await LoadOnceThereAsync(application);
        await Patience.UntilAsync(async () => !(await application.Ground.InstancesAsync()).Contains(one), "the one with the old options goes");
        await application.RunsExactlyAsync("v1.0.0", 2);
        await load.AnsweredByAsync("v1.0.0", times: load.Answers.Count + 20);
        await load.StopAsync();
        Assert.Equal("", load.Complaints);
        Assert.EndsWith(" ahoy", load.Answers.Last().Body, StringComparison.Ordinal);
        Assert.Empty(agent.Events.Of<ReleaseBlocked>());
    }

    private static async Task<Hosting.SteadyLoad> LoadOnceThereAsync(ReplicatedApplication application)
    {
        using var client = new HttpClient();
        await Patience.UntilAsync(async () => await AnswersAsync(client, application.Port), "the proxy answers");
        return application.StartLoad();
    }

    private static async Task<bool> AnswersAsync(HttpClient client, int port)
    {
        try
        {
            using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/"));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

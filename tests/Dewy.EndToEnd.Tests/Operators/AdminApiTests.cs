using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Tests;
using Xunit;

namespace Dewy.EndToEnd.Tests.Operators;

/// <summary>The admin API of agents in processes of their own, found as commands find it.</summary>
public sealed class AdminApiTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Agent_OtherProcess_IsAskedAndToldThroughItsApi()
    {
        await using var application = new SampleApplication();
        application.Registry.Publish("v1.0.0");
        var agent = application.StartAgentProcess(more: ("admin-port", FreePort.Find().ToString(CultureInfo.InvariantCulture)));
        await agent.SaidAsync("DeploymentEnded v1.0.0 Succeeded");
        using var client = Client(application.Root);

        var status = JsonDocument.Parse(await client.GetStringAsync("api/status", Stop)).RootElement;
        Assert.True(status.GetProperty("is_running").GetBoolean());
        Assert.Equal(agent.Id, status.GetProperty("process_id").GetInt32());
        Assert.Equal(agent.Id, (await application.Engine.GetStatusAsync(application.Root, Stop)).AgentProcessId);

        application.Registry.Publish("v1.1.0");
        var answer = await PostAsync(client, "api/deploy", """{"wait_seconds": 60}""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("v1.1.0 is live.", JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop)).RootElement.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Agent_Killed_LeavesARecordThatNobodyFollows()
    {
        await using var application = new SampleApplication();
        application.Registry.Publish("v1.0.0");
        var agent = application.StartAgentProcess(more: ("admin-port", FreePort.Find().ToString(CultureInfo.InvariantCulture)));
        await agent.SaidAsync("DeploymentEnded v1.0.0 Succeeded");

        agent.Signal("KILL");
        await agent.ExitedAsync();

        Assert.True(File.Exists(Record(application.Root)));
        Assert.Equal(AgentState.Stopped, (await application.Engine.GetStatusAsync(application.Root, Stop)).State);
    }

    [Fact]
    public async Task Drain_OneOfTwo_IsReplacedAndTheLastOneIsKept()
    {
        Component.Program("python3");
        await using var application = new SampleApplication();
        application.Registry.Publish("v1.0.0");
        var agent = StartBehindProxy(application, replicas: 2);
        await agent.DeployedAsync("v1.0.0");
        using var client = Client(application.Root);
        using var visitor = new HttpClient();
        foreach (var _ in Enumerable.Range(0, 4))
            await visitor.GetStringAsync(new Uri($"http://127.0.0.1:{application.Port}/"), Stop);
        var before = await ReplicasAsync(client);
        Assert.Equal(2, before.Count);
        Assert.All(before, replica => Assert.True(replica.GetProperty("latency").GetDouble() > 0));
        var drained = before[0].GetProperty("name").GetString();

        var answer = await PostAsync(client, "api/drain", $$"""{"replica": "{{drained}}"}""");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await agent.Events.WaitForAsync<ReplicaStopped>(stopped => stopped.Replica == drained);
        await agent.Events.WaitForAsync<BackendAdded>(added => before.All(replica => replica.GetProperty("name").GetString() != added.Backend));
        Assert.Equal(2, (await ReplicasAsync(client)).Count(replica => replica.GetProperty("state").GetString() == "healthy"));
        await visitor.GetStringAsync(new Uri($"http://127.0.0.1:{application.Port}/"), Stop);
    }

    [Fact]
    public async Task Drain_OnlyOne_IsRefused()
    {
        Component.Program("python3");
        await using var application = new SampleApplication();
        application.Registry.Publish("v1.0.0");
        var agent = StartBehindProxy(application, replicas: 1);
        await agent.DeployedAsync("v1.0.0");
        using var client = Client(application.Root);
        var only = Assert.Single(await ReplicasAsync(client)).GetProperty("name").GetString();

        var answer = await PostAsync(client, "api/drain", $$"""{"replica": "{{only}}"}""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("the only replica", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    /// <summary>A program that knows no socket contract, as replicas.</summary>
    private static AgentHost StartBehindProxy(SampleApplication application, int replicas)
    {
        var options = new OptionSet()
            .Add("mode", "server")
            .Add("registry", application.Registry.Url)
            .Add("root", application.Root)
            .Add("interval", "1s")
            .Add("port", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{application.Port}"))
            .Add("handoff", "proxy")
            .Add("replicas", replicas.ToString(CultureInfo.InvariantCulture))
            .Add("admin-port", FreePort.Find().ToString(CultureInfo.InvariantCulture));
        foreach (var word in (string[])["python3", "-m", "http.server", "{port}", "--bind", "127.0.0.1"])
            options.Add("command", word);
        return application.StartAgent(events => application.Engine.CreateAgent(options, events));
    }

    private static async Task<IReadOnlyList<JsonElement>> ReplicasAsync(HttpClient client) =>
        [.. JsonDocument.Parse(await client.GetStringAsync("api/replicas", Stop)).RootElement.GetProperty("replicas").EnumerateArray()];

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, string body) =>
        client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), Stop);

    private static string Record(string root) => Path.Combine(root, ".dewy", "admin.json");

    private static HttpClient Client(string root)
    {
        var record = JsonDocument.Parse(File.ReadAllText(Record(root))).RootElement;
        var client = new HttpClient { BaseAddress = new Uri(record.GetProperty("url").GetString() ?? ""), Timeout = TimeSpan.FromSeconds(90) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(Path.Combine(root, ".dewy", "admin.token")).Trim());
        return client;
    }
}

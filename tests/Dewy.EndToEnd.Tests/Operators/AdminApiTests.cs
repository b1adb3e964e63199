using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dewy.EndToEnd.Tests.Hosting;
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
        var answer = await client.PostAsync("api/deploy", new StringContent("""{"wait_seconds": 60}""", Encoding.UTF8, "application/json"), Stop);
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

    private static string Record(string root) => Path.Combine(root, ".dewy", "admin.json");

    private static HttpClient Client(string root)
    {
        var record = JsonDocument.Parse(File.ReadAllText(Record(root))).RootElement;
        var client = new HttpClient { BaseAddress = new Uri(record.GetProperty("url").GetString() ?? ""), Timeout = TimeSpan.FromSeconds(90) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(Path.Combine(root, ".dewy", "admin.token")).Trim());
        return client;
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Dewy.Engine.Admin;
using Dewy.Engine.Composition;
using Dewy.Engine.Deployment;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Admin;

/// <summary>Whole agents in assets mode on a folder, and their admin API.</summary>
public sealed class AdminHostTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly IDewyEngine _engine = DewyEngine.Create();
    private readonly RecordingEventSink _events = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Root => _directory.Combine("root");

    private RootLayout Layout => new(Root);

    [Fact]
    public async Task Agent_Runs_WritesDownWhereItListensUntilItEnds()
    {
        Publish("v1.0.0");
        AdminRecord? record;
        await using (await StartAsync())
        {
            record = AdminRecord.Read(Layout);
            Assert.Equal(Environment.ProcessId, record?.ProcessId);
            Assert.Equal(record?.Url?.ToString(), Assert.Single(_events.Of<AdminApiStarted>()).Address);
            Assert.Equal(record?.Url?.ToString(), (await _engine.GetStatusAsync(Root, Stop)).AdminAddress);
            using var client = Client(record);
            Assert.Contains("\"status\":\"ok\"", await client.GetStringAsync("healthz", Stop), StringComparison.Ordinal);
        }

        Assert.False(File.Exists(Layout.AdminFile));
        using var after = Client(record);
        await Assert.ThrowsAsync<HttpRequestException>(() => after.GetStringAsync("healthz", Stop));
    }

    [Fact]
    public async Task Post_DeployRollbackPauseResume_AreCarriedOutByTheAgent()
    {
        Publish("v1.0.0");
        await using var agent = await StartAsync();
        await _events.WaitForAsync<DeploymentEnded>(ended => ended.Deployment.Tag == "v1.0.0");
        using var client = Client(AdminRecord.Read(Layout));

        await PostAsync(client, "api/pause", """{"by": "alice"}""");
        Assert.Equal("alice", (await _engine.GetStatusAsync(Root, Stop)).Pause?.By);
        await PostAsync(client, "api/resume", "{}");
        Assert.Null((await _engine.GetStatusAsync(Root, Stop)).Pause);

        Publish("v1.1.0");
        var deployed = await PostAsync(client, "api/deploy", """{"by": "alice", "wait_seconds": 60}""");
        Assert.Equal("v1.1.0 is live.", deployed.GetProperty("message").GetString());
        Assert.Equal("deploy by alice", deployed.GetProperty("deployment").GetProperty("requested_by").GetString());

        var back = await PostAsync(client, "api/rollback", """{"by": "alice", "wait_seconds": 60}""");
        Assert.Equal("v1.0.0 is live.", back.GetProperty("message").GetString());
        Assert.Equal("<h1>v1.0.0</h1>", await File.ReadAllTextAsync(Path.Combine(Root, "current", "index.html"), Stop));
        Assert.Equal("v1.0.0", (await _engine.GetStatusAsync(Root, Stop)).Pin?.Tag);
    }

    [Fact]
    public async Task Drain_NothingToDrain_SaysSo()
    {
        Publish("v1.0.0");
        await using var agent = await StartAsync();
        using var client = Client(AdminRecord.Read(Layout));

        var answer = await client.PostAsync("api/drain", Json("""{"replica": "x"}"""), Stop);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Events_Agent_BeginWithItsStart()
    {
        Publish("v1.0.0");
        await using var agent = await StartAsync();
        await _events.WaitForAsync<DeploymentEnded>();
        using var client = Client(AdminRecord.Read(Layout));
        using var stream = new StreamReader(await client.GetStreamAsync("api/events", Stop));
        var text = new StringBuilder();

        while (!text.ToString().Contains("deployment_ended", StringComparison.Ordinal))
            text.AppendLine(await stream.ReadLineAsync(Stop));

        Assert.Contains("\"event\":\"agent_started\"", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetStatus_AgentRuns_HasWhatOnlyItKnows()
    {
        Publish("v1.0.0");
        await using var agent = await StartAsync();
        await _events.WaitForAsync<DeploymentEnded>();
        await Eventually.IsTrueAsync(() => agent.Agent.GetStatus().State == AgentState.Idle, "the agent waits");

        Assert.Equal(AgentState.Idle, (await _engine.GetStatusAsync(Root, Stop)).State);
        Assert.Empty(await _engine.GetReplicasAsync(Root, Stop));
    }

    [Fact]
    public async Task GetStatus_RecordOfADeadAgent_IsNotFollowed()
    {
        Publish("v1.0.0");
        await using (await StartAsync())
        {
        }

        new AdminRecord { ProcessId = Environment.ProcessId, Url = new Uri("http://127.0.0.1:9/"), StartedAt = DateTimeOffset.UtcNow }.Write(Layout);

        Assert.Equal(AgentState.Stopped, (await _engine.GetStatusAsync(Root, Stop)).State);
    }

    [Fact]
    public async Task Start_NoPortFree_RunsWithoutAndSaysSo()
    {
        Publish("v1.0.0");
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        // The last port there is has none after it.
        using var last = TakeLastPort();
        await using var agent = await StartAsync(IPEndPoint.MaxPort.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await _events.WaitForAsync<DeploymentEnded>(ended => ended.Deployment.Result == DeploymentResult.Succeeded);

        Assert.Contains("no admin API", (await _events.WaitForAsync<AttentionNeeded>()).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Layout.AdminFile));
    }

    [Fact]
    public async Task Start_Off_ListensNowhere()
    {
        Publish("v1.0.0");
        await using var agent = await StartAsync("0");
        await _events.WaitForAsync<DeploymentEnded>();

        Assert.False(File.Exists(Layout.AdminFile));
        Assert.False(File.Exists(Layout.AdminTokenFile));
        Assert.Empty(_events.Of<AttentionNeeded>());
    }

    [Fact]
    public async Task Start_Socket_AnswersThereAndIsFoundByCommands()
    {
        Component.Linux();
        Publish("v1.0.0");
        await using var agent = await StartAsync(_directory.Combine("admin.sock"));
        await _events.WaitForAsync<DeploymentEnded>();
        await Eventually.IsTrueAsync(() => agent.Agent.GetStatus().State == AgentState.Idle, "the agent waits");

        Assert.Equal(_directory.Combine("admin.sock"), AdminRecord.Read(Layout)?.Socket);
        using var client = AdminClient.For(agent.Agent.GetStatus(), Layout);
        Assert.NotNull(client);
        var written = agent.Agent.GetStatus() with { State = AgentState.Deploying, LastCheck = null, NewestTag = null };
        var completed = await client.CompleteAsync(written, Stop);
        Assert.Equal((AgentState.Idle, "v1.0.0"), (completed.State, completed.NewestTag));
        Assert.NotNull(completed.LastCheck);
    }

    [Fact]
    public async Task Stop_ListenersStillThere_IsNotHeldUp()
    {
        Publish("v1.0.0");
        var agent = await StartAsync();
        using var client = Client(AdminRecord.Read(Layout));
        using var stream = await client.GetStreamAsync("api/events", Stop);

        await agent.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), Stop);

        Assert.Contains(_events.Events, seen => seen is AgentStopped);
    }

    public void Dispose() => _directory.Dispose();

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, string body)
    {
        var answer = await client.PostAsync(path, Json(body), Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static TcpListener? TakeLastPort()
    {
        var last = new TcpListener(IPAddress.Loopback, IPEndPoint.MaxPort);
        try
        {
            last.Start();
            return last;
        }
        catch (SocketException)
        {
            last.Dispose();
            return null; // taken already: as well
        }
    }

    private HttpClient Client(AdminRecord? record)
    {
        var client = new HttpClient { BaseAddress = record?.Url, Timeout = TimeSpan.FromSeconds(90) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(Layout.AdminTokenFile).Trim());
        return client;
    }

    private void Publish(string tag)
    {
        var directory = Directory.CreateDirectory(_directory.Combine("registry", tag)).FullName;
        using var archive = System.IO.Compression.ZipFile.Open(Path.Combine(directory, "site.zip"), System.IO.Compression.ZipArchiveMode.Create);
        using var page = new StreamWriter(archive.CreateEntry("index.html").Open());
        page.Write($"<h1>{tag}</h1>");
    }

    private async Task<RunningAgent> StartAsync(string? adminPort = null)
    {
        var options = new OptionSet()
            .Add("mode", "assets")
            .Add("registry", $"file://{_directory.Combine("registry")}?artifact=site.zip")
            .Add("root", Root)
            .Add("admin-port", adminPort ?? FreePort());
        var agent = new RunningAgent(_engine.CreateAgent(options, _events));
        await _events.WaitForAsync<RegistryPolled>(); // the admin API is there, or was given up, before the first cycle
        return agent;
    }

    /// <summary>Where ten ports in a row are likely free.</summary>
    private static string FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return Math.Min(((IPEndPoint)probe.LocalEndpoint).Port, IPEndPoint.MaxPort - AdminSockets.Attempts).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private sealed class RunningAgent : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;

        public RunningAgent(IDewyAgent agent)
        {
            Agent = agent;
            _running = agent.RunAsync(_stop.Token);
        }

        public IDewyAgent Agent { get; }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            await Agent.DisposeAsync();
            _stop.Dispose();
        }
    }
}

using System.Net;
using System.Text.Json;
using Dewy.Tests.Admin;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Admin;

public sealed class AdminAnswersTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Status_Container_HasTheMembersOfTheGoProgram()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        Scene.Fill(admin.Agent);

        var status = await GetAsync(admin, "api/status");

        Assert.Equal("shop", status.GetProperty("name").GetString());
        Assert.Equal("container", status.GetProperty("command").GetString());
        Assert.Equal("v1.4.0", status.GetProperty("current_version").GetString());
        Assert.Equal(5, status.GetProperty("proxy_backends").GetInt32());
        Assert.True(status.GetProperty("is_running").GetBoolean());
    }

    [Fact]
    public async Task Status_NothingRuns_SaysSo()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        admin.Agent.Status = new AgentStatus { Name = "site", Root = "/srv/site", State = AgentState.Idle, Mode = DeploymentMode.Assets };

        var status = await GetAsync(admin, "api/status");

        Assert.False(status.GetProperty("is_running").GetBoolean());
        Assert.Equal("", status.GetProperty("current_version").GetString());
        Assert.Equal(JsonValueKind.Null, status.GetProperty("proxy").ValueKind);
    }

    [Fact]
    public async Task Status_More_TellsWhatTheAgentKnows()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        Scene.Fill(admin.Agent);

        var status = await GetAsync(admin, "api/status");

        Assert.Equal("idle", status.GetProperty("state").GetString());
        Assert.Equal("v1.5.0", status.GetProperty("newest_version").GetString());
        Assert.Equal("v1.3.9", status.GetProperty("previous").GetProperty("tag").GetString());
        Assert.Equal("health_check_failed", status.GetProperty("blocked")[0].GetProperty("code").GetString());
        Assert.Equal(Environment.ProcessId, status.GetProperty("process_id").GetInt32());
    }

    [Fact]
    public async Task Containers_Replica_HasTheMembersOfTheGoProgram()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        Scene.Fill(admin.Agent);

        var containers = (await GetAsync(admin, "api/containers")).GetProperty("containers");

        Assert.Equal(5, containers.GetArrayLength());
        Assert.Equal(
            ["id", "name", "image", "status", "ip_port", "started_at", "deployed_at", "labels"],
            containers[0].EnumerateObject().Select(member => member.Name));
        Assert.Equal("running", containers[0].GetProperty("status").GetString());
        Assert.Equal("127.0.0.1:32768", containers[0].GetProperty("ip_port").GetString());
        Assert.Equal("true", containers[0].GetProperty("labels").GetProperty("dewy.managed").GetString());
    }

    [Fact]
    public async Task Containers_Processes_AreNone()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        admin.Agent.Status = admin.Agent.Status with { Replicas = [Scene.Replica(0) with { Image = null, ProcessId = 42 }] };

        Assert.Equal(0, (await GetAsync(admin, "api/containers")).GetProperty("containers").GetArrayLength());
        Assert.Equal(1, (await GetAsync(admin, "api/replicas")).GetProperty("replicas").GetArrayLength());
    }

    [Theory]
    [InlineData("DATABASE_PASSWORD", "hunter2")]
    [InlineData("com.example.api-key", "k-123456")]
    [InlineData("com.example.database", "postgres://app:hunter2@db/shop")]
    [InlineData("com.example.note", "the token is s3cr3t-by-value")]
    public async Task Labels_Secret_IsMaskedEverywhere(string name, string value)
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        admin.Redactor.Add("s3cr3t-by-value");
        admin.Agent.Status = admin.Agent.Status with { Replicas = [Scene.Replica(0) with { Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [name] = value } }] };

        foreach (var path in (string[])["api/containers", "api/replicas", "api/status"])
        {
            var text = await admin.Client.GetStringAsync(path, Stop);
            Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
            Assert.DoesNotContain("k-123456", text, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cr3t-by-value", text, StringComparison.Ordinal);
            Assert.Contains("***", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Replicas_Proxy_AddsWhatItSees()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        Scene.Fill(admin.Agent);

        var replica = (await GetAsync(admin, "api/replicas")).GetProperty("replicas")[2];

        Assert.Equal("unhealthy", replica.GetProperty("state").GetString());
        Assert.Equal(41, replica.GetProperty("failures").GetInt64());
        Assert.Equal(0.0146, replica.GetProperty("latency").GetDouble(), 6);
        Assert.StartsWith("GET http://", replica.GetProperty("problem").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replicas_TwoLooks_TellRequestsASecond()
    {
        var time = new FakeTimeProvider();
        await using var admin = await AdminUnderTest.StartAsync(Stop, time);
        admin.Agent.Status = admin.Agent.Status with { Replicas = [Scene.Replica(0) with { Requests = 100 }] };

        Assert.Equal(JsonValueKind.Null, (await GetAsync(admin, "api/replicas")).GetProperty("replicas")[0].GetProperty("requests_per_second").ValueKind);
        time.Advance(TimeSpan.FromSeconds(4));
        admin.Agent.Status = admin.Agent.Status with { Replicas = [Scene.Replica(0) with { Requests = 150 }] };

        Assert.Equal(12.5, (await GetAsync(admin, "api/replicas")).GetProperty("replicas")[0].GetProperty("requests_per_second").GetDouble());
    }

    [Fact]
    public async Task Deployments_Limit_IsRespected()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        Scene.Fill(admin.Agent);

        var history = (await GetAsync(admin, "api/deployments?limit=2")).GetProperty("deployments");

        Assert.Equal(["d5", "d4"], history.EnumerateArray().Select(deployment => deployment.GetProperty("id").GetString()));
        Assert.Equal("failed", history[0].GetProperty("result").GetString());
        Assert.Equal(14.2, history[0].GetProperty("duration").GetDouble());
    }

    [Fact]
    public async Task Deployments_WrongLimit_IsAProblemWithCode()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);

        var answer = await admin.Client.GetAsync("api/deployments?limit=none", Stop);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("InvalidOption", (await ReadAsync(answer)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Status_RootUnreadable_IsAProblemWithNextStep()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        admin.Agent.Failure = new DewyException(ErrorCode.RootReadOnly, "Not allowed to read it.") { Target = "/srv/shop", NextStep = "Run this as root." };

        var answer = await admin.Client.GetAsync("api/status", Stop);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        var problem = await ReadAsync(answer);
        Assert.Equal("RootReadOnly", problem.GetProperty("code").GetString());
        Assert.Equal("Run this as root.", problem.GetProperty("next_step").GetString());
    }

    [Fact]
    public async Task Status_Unforeseen_IsToldAsAnEventAndLeavesTheServerUp()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        admin.Agent.Failure = new InvalidOperationException("unforeseen");

        Assert.Equal(HttpStatusCode.InternalServerError, (await admin.Client.GetAsync("api/status", Stop)).StatusCode);
        admin.Agent.Failure = null;

        Assert.Equal(HttpStatusCode.OK, (await admin.Client.GetAsync("api/status", Stop)).StatusCode);
        Assert.Contains("unforeseen", Assert.Single(admin.Events.Of<AttentionNeeded>()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AgentState.Idle, HttpStatusCode.OK, "ok")]
    [InlineData(AgentState.Stopping, HttpStatusCode.ServiceUnavailable, "stopping")]
    public async Task Healthz_State_IsTold(AgentState state, HttpStatusCode expected, string word)
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        admin.Agent.Status = admin.Agent.Status with { State = state };

        var answer = await admin.Client.GetAsync("healthz", Stop);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(word, (await ReadAsync(answer)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Metrics_TelemetryOff_SaysHowToTurnItOn()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);

        var answer = await admin.Client.GetAsync("metrics", Stop);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("--telemetry", (await ReadAsync(answer)).GetProperty("next_step").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_TelemetryOn_IsAnsweredByIt()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop, metrics: async context => await context.Response.Body.WriteAsync("dewy_agent_paused 0\n"u8.ToArray(), context.RequestAborted));

        Assert.Equal("dewy_agent_paused 0\n", await admin.Client.GetStringAsync("metrics", Stop));
    }

    [Fact]
    public async Task Get_UnknownPath_ListsWhatThereIs()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);

        var answer = await admin.Client.GetAsync("api/nothing", Stop);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("/api/status", (await ReadAsync(answer)).GetProperty("next_step").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "api/deploy", "POST")]
    [InlineData("POST", "api/status", "GET, HEAD")]
    [InlineData("DELETE", "healthz", "GET, HEAD")]
    public async Task Any_WrongMethod_NamesTheRightOne(string method, string path, string allowed)
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);

        var answer = await admin.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Stop);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(allowed, string.Join(", ", answer.Content.Headers.Allow));
    }

    [Fact]
    public async Task Head_Status_HasNoBody()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);

        var answer = await admin.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "api/status"), Stop);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Stop));
    }

    [Fact]
    public async Task Dashboard_Files_ArePartOfTheProgramAndStrict()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);

        foreach (var (path, type) in ((string, string)[])[("", "text/html"), ("dashboard.js", "text/javascript"), ("dashboard.css", "text/css"), ("icon.svg", "image/svg+xml")])
        {
            var answer = await admin.Client.GetAsync(path, Stop);
            Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
            Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            var text = await answer.Content.ReadAsStringAsync(Stop);
            Assert.NotEmpty(text);
            Assert.DoesNotContain("https://", text, StringComparison.Ordinal);
            Assert.DoesNotContain("style=", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Dashboard_UnchangedFile_IsNotSentAgain()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        var first = await admin.Client.GetAsync("dashboard.js", Stop);

        var request = new HttpRequestMessage(HttpMethod.Get, "dashboard.js");
        request.Headers.IfNoneMatch.Add(Assert.IsType<System.Net.Http.Headers.EntityTagHeaderValue>(first.Headers.ETag));

        Assert.Equal(HttpStatusCode.NotModified, (await admin.Client.SendAsync(request, Stop)).StatusCode);
    }

    [Fact]
    public async Task Get_ManyAtOnce_AreAllAnswered()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        Scene.Fill(admin.Agent);

        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(index => admin.Client.GetAsync(index % 2 == 0 ? "api/status" : "api/replicas", Stop)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }

    private static async Task<JsonElement> GetAsync(AdminUnderTest admin, string path)
    {
        var answer = await admin.Client.GetAsync(path, Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await ReadAsync(answer);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop)).RootElement;
}

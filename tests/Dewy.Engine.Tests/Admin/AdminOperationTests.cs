using System.Net;
using System.Text.Json;
using Dewy.Engine.Agent;
using Dewy.Tests.Admin;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Admin;

public sealed class AdminOperationTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("api/deploy", "", "deploy force=False by=admin API")]
    [InlineData("api/deploy", """{"force": true, "by": "alice"}""", "deploy force=True by=alice")]
    [InlineData("api/rollback", """{"to": "v1.2.2", "until_newer": true, "by": "alice"}""", "rollback to=v1.2.2 until_newer=True by=alice")]
    [InlineData("api/rollback", "{}", "rollback to= until_newer=False by=admin API")]
    [InlineData("api/pause", """{"by": "alice"}""", "pause by=alice")]
    [InlineData("api/resume", "{}", "resume")]
    public async Task Post_Order_ReachesTheAgent(string path, string body, string asked)
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);

        var answer = await admin.PostAsync(path, body, Stop);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal([asked], admin.Agent.Asked);
    }

    [Fact]
    public async Task Drain_Replica_IsAccepted()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        Scene.Fill(admin.Agent);

        var answer = await admin.PostAsync("api/drain", """{"replica": "shop-1772625600-1"}""", Stop);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(["drain shop-1772625600-1"], admin.Agent.Asked);
    }

    [Theory]
    [InlineData("""{"replica": "nobody"}""", HttpStatusCode.NotFound, "ReplicaNotFound")]
    [InlineData("{}", HttpStatusCode.BadRequest, "InvalidOption")]
    public async Task Drain_NoSuchReplica_IsAProblem(string body, HttpStatusCode status, string code)
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);

        var answer = await admin.PostAsync("api/drain", body, Stop);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(code, (await ReadAsync(answer)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Deploy_EndsSoon_AnswersWithTheDeployment()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        admin.Agent.Outcome = _ => Task.FromResult(new RequestOutcome(Scene.Deployment("d9", "v1.5.0", "v1.4.0", DeploymentResult.Succeeded, TimeSpan.FromSeconds(15))));

        var answer = await ReadAsync(await admin.PostAsync("api/deploy", "", Stop));

        Assert.Equal("v1.5.0 is live.", answer.GetProperty("message").GetString());
        Assert.Equal("d9", answer.GetProperty("deployment").GetProperty("id").GetString());
    }

    [Fact]
    public async Task Deploy_TakesLong_IsAcceptedAfterTheWait()
    {
        var time = new FakeTimeProvider();
        await using var admin = await AdminUnderTest.StartAsync(Stop, time);
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        admin.Agent.Outcome = async cancellation =>
        {
            waiting.SetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
            return new RequestOutcome(null);
        };

        var answer = admin.PostAsync("api/deploy", """{"wait_seconds": 30}""", Stop);
        await waiting.Task.WaitAsync(Stop);
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(answer.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(HttpStatusCode.Accepted, (await answer).StatusCode);
    }

    [Fact]
    public async Task Deploy_NothingToDo_SaysWhy()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        admin.Agent.Outcome = _ => Task.FromResult(new RequestOutcome(null, "Deploying is paused by alice.", "v1.5.0"));

        var answer = await ReadAsync(await admin.PostAsync("api/deploy", "", Stop));

        Assert.Equal("Deploying is paused by alice.", answer.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Pin_Tag_IsPassedOn()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);

        var answer = await admin.PostAsync("api/pin", """{"tag": "v1.2.3", "by": "alice"}""", Stop);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["pin tag=v1.2.3 by=alice"], admin.Agent.Asked);
    }

    [Fact]
    public async Task Pin_WithoutATag_IsAProblem()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);

        var answer = await admin.PostAsync("api/pin", "{}", Stop);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(admin.Agent.Asked);
    }

    [Fact]
    public async Task Rollback_NoSuchRelease_SaysWhichThereAre()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        admin.Agent.Failure = new DewyException(ErrorCode.ReleaseNotFound, "No good release v9 is kept here.") { NextStep = "Choose one of: v1.2.2." };

        var answer = await admin.PostAsync("api/rollback", """{"to": "v9"}""", Stop);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("Choose one of: v1.2.2.", (await ReadAsync(answer)).GetProperty("next_step").GetString());
    }

    [Theory]
    [InlineData("api/pause", """{"force": true}""")]
    [InlineData("api/deploy", """{"forse": true}""")]
    [InlineData("api/deploy", """{"wait_seconds": 301}""")]
    [InlineData("api/deploy", """{"wait_seconds": -1}""")]
    [InlineData("api/deploy", """{"by": ""}""")]
    [InlineData("api/deploy", """{"by": "a\nb"}""")]
    [InlineData("api/deploy", """{"by": 5}""")]
    [InlineData("api/deploy", "[]")]
    [InlineData("api/deploy", "not json")]
    public async Task Post_MeaninglessBody_IsRefusedBeforeAnythingIsDone(string path, string body)
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);

        Assert.Equal(HttpStatusCode.BadRequest, (await admin.PostAsync(path, body, Stop)).StatusCode);

        Assert.Empty(admin.Agent.Asked);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop)).RootElement;
}

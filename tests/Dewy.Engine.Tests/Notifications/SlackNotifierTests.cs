using Dewy.Engine.Notifications;
using Dewy.Tests.Http;
using Dewy.Tests.Notifications;
using Xunit;

namespace Dewy.Engine.Tests.Notifications;

public sealed class SlackNotifierTests : IAsyncLifetime
{
    private readonly SlackServer _slack = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _slack.StartAsync();

    public ValueTask DisposeAsync() => _slack.DisposeAsync();

    [Fact]
    public async Task Send_Message_IsPostedWithTokenAndExactText()
    {
        await using var notifier = Open("slack://deployments");

        Assert.Null(await notifier.SendAsync(Sample.Message("Automatic shipping started by *Dewy* (v1.2.3: server)"), Cancellation));

        var posted = Assert.Single(_slack.Messages);
        Assert.Equal("deployments", (string?)posted["channel"]);
        Assert.Equal("Automatic shipping started by *Dewy* (v1.2.3: server)", (string?)posted["text"]);
        Assert.Equal("application/json; charset=utf-8", _slack.Accepted.First().Request.Header("Content-Type"));
    }

    [Fact]
    public async Task Send_HookResult_IsAttachmentsWithCommandOutputAndColour()
    {
        await using var notifier = Open("slack://deployments?title=My+app&url=https%3A%2F%2Fexample.com%2F%3Fa%3D1%26b%3D2");

        Assert.Null(await notifier.SendAsync(Sample.Full(), Cancellation));

        var attachments = Assert.Single(_slack.Messages)["attachments"]!.AsArray(); // the server checked that it is there
        Assert.Equal(3, attachments.Count);
        Assert.All(attachments, attachment => Assert.Equal("danger", (string?)attachment?["color"]));
        Assert.Equal("My app", (string?)attachments[0]?["title"]);
        Assert.Equal("https://example.com/?a=1&b=2", (string?)attachments[0]?["title_link"]);
        Assert.Equal("./warm-up &amp; &lt;all&gt;", (string?)attachments[0]?["fields"]?[0]?["value"]);
        Assert.Equal("```line 1\nline 2```", (string?)attachments[1]?["text"]);
        Assert.Equal("```oh no```", (string?)attachments[2]?["text"]);
    }

    [Fact]
    public async Task Send_TextWithSlacksOwnMarks_WakesNobody()
    {
        await using var notifier = Open("slack://deployments");

        await notifier.SendAsync(Sample.Message("<!channel> & <@U1>"), Cancellation);

        Assert.Equal("&lt;!channel&gt; &amp; &lt;@U1&gt;", Assert.Single(_slack.Texts));
    }

    [Fact]
    public async Task Send_LongOutput_KeepsItsEnd()
    {
        await using var notifier = Open("slack://deployments");

        await notifier.SendAsync(Sample.Full(string.Concat(Enumerable.Range(1, 9000).Select(line => $"line {line}\n"))), Cancellation);

        var text = (string?)_slack.Messages[0]["attachments"]?[1]?["text"];
        Assert.InRange(text?.Length ?? 0, 2000, 3000);
        Assert.EndsWith("line 9000```", text, StringComparison.Ordinal);
        Assert.StartsWith("```…\nline ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_ThreadOfADeployment_HangsFromItsFirstMessage()
    {
        await using var notifier = Open("slack://deployments?thread=true");

        await notifier.SendAsync(Sample.Message("before"), Cancellation);
        await notifier.SendAsync(Sample.Message("started") with { DeploymentId = "id1" }, Cancellation);
        await notifier.SendAsync(Sample.Message("downloaded") with { DeploymentId = "id1" }, Cancellation);
        await notifier.SendAsync(Sample.Message("failed") with { DeploymentId = "id1", Kind = NotificationKind.Failure }, Cancellation);
        await notifier.SendAsync(Sample.Message("next") with { DeploymentId = "id2" }, Cancellation);

        Assert.Equal([null, null, "1700000000.000002", "1700000000.000002", null], _slack.Messages.Select(message => (string?)message["thread_ts"]));
        Assert.Equal([null, null, false, true, null], _slack.Messages.Select(message => (bool?)message["reply_broadcast"]));
    }

    [Fact]
    public async Task Send_ThreadOfTheUrl_IsUsedForAll()
    {
        await using var notifier = Open("slack://deployments?thread=1700000000.000100");

        await notifier.SendAsync(Sample.Message(), Cancellation);

        Assert.Equal("1700000000.000100", (string?)_slack.Messages[0]["thread_ts"]);
    }

    [Theory]
    [InlineData("slack://nowhere", SlackServer.Token, "channel_not_found", "Invite the bot")]
    [InlineData("slack://deployments", "xoxb-wrong", "invalid_auth", "SLACK_TOKEN")]
    public async Task Send_OkIsFalse_IsAFailureThoughTheStatusIs200(string url, string token, string error, string nextStep)
    {
        await using var notifier = Sample.Notifier(url, new Dictionary<string, string>(_slack.Environment) { ["SLACK_TOKEN"] = token });

        var failure = await notifier.SendAsync(Sample.Message(), Cancellation);

        Assert.Contains(error, failure?.Reason, StringComparison.Ordinal);
        Assert.Contains(nextStep, failure?.NextStep, StringComparison.Ordinal);
        Assert.False(failure?.IsTransient);
    }

    [Fact]
    public async Task Send_TooManyRequests_IsTransientAndSaysHowLong()
    {
        await using var notifier = Open("slack://deployments");
        _slack.Add(new Fault.Answer(429, """{"ok":false,"error":"ratelimited"}""", Headers: ("Retry-After", "30")));

        var failure = await notifier.SendAsync(Sample.Message(), Cancellation);

        Assert.Equal((true, TimeSpan.FromSeconds(30)), (failure?.IsTransient, failure?.RetryAfter));
    }

    [Fact]
    public async Task Send_NotSlacksAnswer_IsAFailure()
    {
        await using var notifier = Open("slack://deployments");
        _slack.Add(Fault.Page);

        Assert.NotNull(await notifier.SendAsync(Sample.Message(), Cancellation));
    }

    private INotifier Open(string url) => Sample.Notifier(url, _slack.Environment);
}

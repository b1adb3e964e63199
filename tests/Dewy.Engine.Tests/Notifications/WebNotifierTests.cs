using Dewy.Engine.Diagnostics;
using Dewy.Tests.Http;
using Dewy.Tests.Notifications;
using Xunit;

namespace Dewy.Engine.Tests.Notifications;

/// <summary>Webhooks, Teams and Discord, and what all that speak HTTP have in common.</summary>
public sealed class WebNotifierTests : IAsyncLifetime
{
    private readonly WebhookReceiver _receiver = new();
    private readonly TeamsServer _teams = new();
    private readonly DiscordServer _discord = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _receiver.StartAsync();
        await _teams.StartAsync();
        await _discord.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _teams.DisposeAsync();
        await _discord.DisposeAsync();
    }

    [Fact]
    public async Task Webhook_WithSecret_SignsTheBody()
    {
        await using var notifier = Sample.Notifier(_receiver.SignedUrl);

        Assert.Null(await notifier.SendAsync(Sample.Full(), Cancellation));

        Assert.StartsWith("sha256=", Assert.Single(_receiver.Accepted).Request.Header("X-Dewy-Signature-256"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Webhook_WrongSecret_IsRefusedAndTold()
    {
        await using var notifier = Sample.Notifier($"{_receiver.Url}?secret=other");

        var failure = await notifier.SendAsync(Sample.Full(), Cancellation);

        Assert.Contains("wrong signature", failure?.Reason, StringComparison.Ordinal);
        Assert.False(failure?.IsTransient);
    }

    [Fact]
    public async Task Webhook_Event_IsThereInFull()
    {
        await using var notifier = Sample.Notifier(_receiver.Url);

        await notifier.SendAsync(Sample.Full(), Cancellation);

        var body = Assert.Single(_receiver.Messages);
        Assert.Equal("hook_completed", (string?)body["event"]);
        Assert.Equal("failure", (string?)body["kind"]);
        Assert.Equal("error", (string?)body["level"]);
        Assert.Equal("2026-03-04T12:00:00+00:00", (string?)body["time"]);
        Assert.Equal(("app", "host1", "id1"), ((string?)body["application"], (string?)body["host"], (string?)body["deployment_id"]));
        Assert.Equal("After deploy hook failed: The after-deploy hook exited with code 3.", (string?)body["text"]);
        Assert.Equal(3, (int?)body["data"]?["result"]?["exit_code"]);
        Assert.Equal(2, (decimal?)body["data"]?["result"]?["duration"]);
        Assert.Equal("after_deploy", (string?)body["data"]?["result"]?["kind"]);
        Assert.Equal("line 1\nline 2", (string?)body["data"]?["result"]?["standard_output"]);
    }

    [Fact]
    public async Task Webhook_EventWithSecrets_IsSentWithoutThem()
    {
        const string secret = "can\"ary+ü/secret"; // JSON writes it in another way
        var redactor = new SecretRedactor();
        redactor.Add(secret);
        await using var notifier = Sample.Notifier(_receiver.Url, redactor: redactor);

        await notifier.SendAsync(Sample.Full($"the token is {secret}!"), Cancellation);

        Assert.Equal("the token is ***!", (string?)_receiver.Messages[0]["data"]?["result"]?["standard_output"]);
    }

    [Fact]
    public async Task Webhook_SecondTryOfAMessage_HasTheSameId()
    {
        await using var notifier = Sample.Notifier(_receiver.Url);
        var message = Sample.Message();

        await notifier.SendAsync(message, Cancellation);
        await notifier.SendAsync(message, Cancellation);
        await notifier.SendAsync(Sample.Message(), Cancellation);

        var ids = _receiver.Messages.Select(body => (string?)body["id"]).ToList();
        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[0], ids[2]);
    }

    [Fact]
    public async Task Webhook_TokenAndQuery_AreSent()
    {
        await using var notifier = Sample.Notifier($"{_receiver.Url}?token=t0ken&query=key%3Dv%26x%3D1");

        await notifier.SendAsync(Sample.Message(), Cancellation);

        var request = Assert.Single(_receiver.Accepted).Request;
        Assert.Equal(("Bearer t0ken", "/hooks/dewy", "?key=v&x=1"), (request.Header("Authorization"), request.Path, request.Query));
    }

    [Fact]
    public async Task Teams_Message_IsAnAdaptiveCard()
    {
        await using var notifier = Sample.Notifier($"{_teams.Url}&title=Ship");

        Assert.Null(await notifier.SendAsync(Sample.Full(), Cancellation));

        var body = Assert.Single(_teams.Messages)["attachments"]?[0]?["content"]?["body"]?.AsArray();
        Assert.Equal("Ship", (string?)body?[0]?["text"]);
        Assert.Equal("After deploy hook failed: The after-deploy hook exited with code 3.", (string?)body?[1]?["text"]);
        Assert.Equal("Attention", (string?)body?[1]?["color"]);
        Assert.Contains(body ?? [], item => (string?)item?["text"] == "line 1\nline 2");
    }

    [Fact]
    public async Task Teams_FloodOfOutput_FitsTheLimit()
    {
        await using var notifier = Sample.Notifier(_teams.Url);
        var flood = new string('x', 70_000);

        Assert.Null(await notifier.SendAsync(Sample.Full(flood) with { Text = flood, Detail = flood }, Cancellation));
    }

    [Fact]
    public async Task Teams_ConnectorSaysFailedWith200_IsAFailure()
    {
        await using var notifier = Sample.Notifier(_teams.Url);
        _teams.Add(new Fault.Answer(200, "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429", "text/plain"));

        Assert.True((await notifier.SendAsync(Sample.Message(), Cancellation))?.IsTransient);
    }

    [Fact]
    public async Task Discord_Message_IsContentAndEmbeds()
    {
        await using var notifier = Sample.Notifier($"{_discord.Url}?username=Ship&title=Site&thread_id=42");

        Assert.Null(await notifier.SendAsync(Sample.Full(), Cancellation));

        var (request, _) = Assert.Single(_discord.Accepted);
        Assert.Equal("?wait=true&thread_id=42", request.Query);
        var body = _discord.Messages[0];
        Assert.Equal("Ship", (string?)body["username"]);
        Assert.Equal("Site", (string?)body["embeds"]?[0]?["title"]);
        Assert.Equal("```\nline 1\nline 2\n```", (string?)body["embeds"]?[1]?["description"]);
        Assert.Empty(body["allowed_mentions"]?["parse"]?.AsArray() ?? ["missing"]);
    }

    [Fact]
    public async Task Discord_FloodOfOutput_FitsTheLimits()
    {
        await using var notifier = Sample.Notifier(_discord.Url);
        var flood = new string('x', 70_000);

        Assert.Null(await notifier.SendAsync(Sample.Full(flood) with { Text = flood, Detail = flood }, Cancellation));
    }

    [Fact]
    public async Task Discord_RateLimited_SaysHowLong()
    {
        await using var notifier = Sample.Notifier(_discord.Url);
        _discord.Add(new Fault.Answer(429, """{"message":"You are being rate limited.","retry_after":64.57,"global":false}""", Headers: ("Retry-After", "65")));

        Assert.Equal(TimeSpan.FromSeconds(65), (await notifier.SendAsync(Sample.Message(), Cancellation))?.RetryAfter);
    }

    [Theory]
    [InlineData(500, true)]
    [InlineData(503, true)]
    [InlineData(400, false)]
    [InlineData(403, false)]
    [InlineData(404, false)]
    [InlineData(302, false)]
    public async Task Send_AnswerIsNoSuccess_IsAFailureThatMayPassOrNot(int status, bool isTransient)
    {
        await using var notifier = Sample.Notifier(_receiver.Url);
        _receiver.Add(new Fault.Answer(status, Headers: ("Location", _receiver.Address.AbsoluteUri)));

        var failure = await notifier.SendAsync(Sample.Message(), Cancellation);

        Assert.Equal(isTransient, failure?.IsTransient);
        Assert.Contains($"{status}", failure?.Reason, StringComparison.Ordinal);
        Assert.Single(_receiver.Requests);
    }

    [Fact]
    public async Task Send_NobodyListens_IsATransientFailure()
    {
        await using var notifier = Sample.Notifier("webhook://127.0.0.1:1/hooks");

        var failure = await notifier.SendAsync(Sample.Message(), Cancellation);

        Assert.True(failure?.IsTransient);
        Assert.Contains("cannot be reached", failure?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_CertificateNobodyTrusts_IsRefused()
    {
        await using var impostor = new SecureReceiver();
        await impostor.StartAsync();
        await using var notifier = Sample.Notifier($"webhooks://localhost:{impostor.Address.Port}/");

        var failure = await notifier.SendAsync(Sample.Message(), Cancellation);

        Assert.Contains("no secure connection", failure?.Reason, StringComparison.Ordinal);
        Assert.Empty(impostor.Requests);
    }

    [Fact]
    public async Task Send_ServiceQuotesTheRequest_NothingOfItIsShown()
    {
        _receiver.Add(new Fault.Echo());
        _discord.Add(new Fault.Answer(400, $$"""{"message":"no webhook {{DiscordServer.Token}}"}"""));
        await using var webhook = Sample.Notifier($"{_receiver.Url}?token=canary-token&query=canary%3Dquery");
        await using var discord = Sample.Notifier(_discord.Url);

        var failures = new[] { await webhook.SendAsync(Sample.Message(), Cancellation), await discord.SendAsync(Sample.Message(), Cancellation) };

        Assert.All(failures, failure => Assert.DoesNotContain("canary", failure?.Reason, StringComparison.Ordinal));
        Assert.All(failures, failure => Assert.Contains("***", failure?.Reason, StringComparison.Ordinal));
    }
}

using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Tests;
using Dewy.Tests.Grpc;
using Dewy.Tests.Notifications;
using Dewy.Tests.Smtp;
using Xunit;

namespace Dewy.EndToEnd.Tests.Notifications;

/// <summary><c>dewy</c> as a process that tells people.</summary>
public sealed class NotifyingCommandTests
{
    [Fact]
    public async Task Server_Webhook_GetsTheWholeStory()
    {
        Component.Linux();
        await using var receiver = new WebhookReceiver();
        await receiver.StartAsync();
        await using var application = new SampleApplication();
        application.Registry.Publish("v1.0.0");

        var agent = application.StartCommand(
            "server", "--registry", application.Registry.Url, "--root", application.Root, "--port", $"127.0.0.1:{application.Port}", "--interval", "1s", "--start-wait", "100ms",
            "--after-deploy-hook", "echo warm", "--notifier", receiver.SignedUrl, "--", "perl", "./current/app.pl");
        await ToldAsync(agent, receiver, "Deployment of v1.0.0 succeeded");
        agent.Signal("USR1");
        await ToldAsync(agent, receiver, "Server restarted for v1.0.0");
        agent.Signal("TERM");

        Assert.Equal(0, await agent.ExitedAsync());
        var texts = receiver.Texts.ToList();
        Assert.Matches(@"^Automatic shipping started by \*Dewy\* \(v[^:]+: server\)$", texts[0]);
        Assert.Equal(
            ["Deployment of v1.0.0 started", "Downloaded artifact for v1.0.0", "Server started for v1.0.0"],
            texts.Skip(1).Take(3));
        Assert.Contains(texts, text => text.StartsWith("After deploy hook succeeded in", StringComparison.Ordinal));
        Assert.Contains("Restart requested by SIGUSR1", texts);
        Assert.Equal("Automatic shipping stopped by *Dewy*", texts[^1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Assets_MailWithStartTls_IsSentOnlyWhereTheCertificateIsTrusted(bool trusted)
    {
        Component.Linux();
        using var certificate = TestCertificate.Create();
        await using var server = await SmtpServer.StartAsync(certificate, wantsAuth: true);
        await using var application = new SampleApplication(DeploymentMode.Assets);
        application.Registry.Publish("v1.0.0");
        var environment = new Dictionary<string, string> { ["MAIL_USERNAME"] = SmtpServer.UserName, ["MAIL_PASSWORD"] = SmtpServer.Password };
        if (trusted)
        {
            environment["SSL_CERT_FILE"] = application.Combine("ca.pem");
            await File.WriteAllTextAsync(environment["SSL_CERT_FILE"], certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        }

        var agent = application.StartCommand(environment, "assets", "--registry", application.Registry.Url, "--root", application.Root, "--notifier", $"smtp://localhost:{server.Port}/ops@example.com?quiet=true");
        if (trusted)
            await server.ReceivedAsync(1);
        else
            await agent.SaidAsync("no secure connection");
        agent.Signal("TERM");

        Assert.Equal(0, await agent.ExitedAsync());
        Assert.Equal(trusted ? 1 : 0, server.Mails.Count);
        Assert.All(server.Mails, mail => Assert.Equal((true, SmtpServer.UserName), ((bool?)mail["secure"], (string?)mail["user"])));
        Assert.All(server.Mails, mail => Assert.Contains("Deployment of v1.0.0 succeeded", (string?)mail["data"], StringComparison.Ordinal));
        Assert.DoesNotContain(SmtpServer.Password, agent.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("slak://deployments?token=canary", "slack://<channel>")]
    [InlineData("webhooks://example.com/canary?sekret=canary", "it has secret, token, query, quiet")]
    [InlineData("slack://deployments", "SLACK_TOKEN is not set")]
    public async Task Assets_InvalidNotifier_EndsWithAUsageErrorThatListsWhatIsValid(string notifier, string said)
    {
        await using var application = new SampleApplication(DeploymentMode.Assets);

        var agent = application.StartCommand(new Dictionary<string, string> { ["SLACK_TOKEN"] = "" }, "assets", "--registry", application.Registry.Url, "--root", application.Root, "--notifier", notifier);

        Assert.Equal((int)ExitCode.Usage, await agent.ExitedAsync());
        Assert.Contains(said, agent.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", agent.Output, StringComparison.Ordinal);
    }

    private static Task ToldAsync(AgentProcess agent, WebhookReceiver receiver, string text) => Eventually.IsTrueAsync(
        () => agent.HasExited ? throw new InvalidOperationException(agent.Output) : receiver.Texts.Any(told => told.StartsWith(text, StringComparison.Ordinal)), $"people were told: {text}");
}

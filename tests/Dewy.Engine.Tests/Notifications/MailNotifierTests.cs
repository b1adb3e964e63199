using Dewy.Engine.Notifications;
using Dewy.Tests.Grpc;
using Dewy.Tests.Smtp;
using MimeKit;
using Xunit;

namespace Dewy.Engine.Tests.Notifications;

/// <summary>Mail against a real server. That a trusted certificate is accepted is tried by a process of its own: see the end-to-end tests.</summary>
public sealed class MailNotifierTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_AnonymousRelay_TakesTheMessage()
    {
        await using var server = await SmtpServer.StartAsync(certificate: null);
        await using var notifier = Open(server, "tls=false");

        Assert.Null(await notifier.SendAsync(Sample.Full(), Cancellation));

        await server.ReceivedAsync(1);
        var mail = server.Mails.First();
        Assert.Equal(("dewy@example.com", "ops@example.com", null), ((string?)mail["from"], (string?)mail["to"]?[0], (string?)mail["user"]));
        var message = Parse(mail);
        Assert.Equal("[app] After deploy hook failed: The after-deploy hook exited with code 3.", message.Subject);
        Assert.Equal(Sample.Time, message.Date);
        Assert.Equal("auto-generated", message.Headers["Auto-Submitted"]);
        Assert.Contains("Exit code:", message.TextBody, StringComparison.Ordinal);
        Assert.Contains("line 1\r\nline 2", message.TextBody?.ReplaceLineEndings("\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_WithCredentials_Authenticates()
    {
        await using var server = await SmtpServer.StartAsync(certificate: null, wantsAuth: true);
        var environment = new Dictionary<string, string> { ["MAIL_USERNAME"] = SmtpServer.UserName, ["MAIL_PASSWORD"] = SmtpServer.Password };
        await using var notifier = Sample.Notifier($"mail://127.0.0.1:{server.Port}/ops@example.com?tls=false&to=dev@example.com&subject=From+the+ship", environment);

        Assert.Null(await notifier.SendAsync(Sample.Message(), Cancellation));

        await server.ReceivedAsync(1);
        var mail = server.Mails.First();
        Assert.Equal((SmtpServer.UserName, SmtpServer.UserName), ((string?)mail["user"], (string?)mail["from"]));
        Assert.Equal(["ops@example.com", "dev@example.com"], mail["to"]?.AsArray().Select(to => (string?)to) ?? []);
        Assert.Equal("From the ship", Parse(mail).Subject);
    }

    [Fact]
    public async Task Send_WrongPassword_IsToldWithoutIt()
    {
        await using var server = await SmtpServer.StartAsync(certificate: null, wantsAuth: true);
        await using var notifier = Open(server, "tls=false&username=dewy@example.com&password=canary-wrong");

        var failure = await notifier.SendAsync(Sample.Message(), Cancellation);

        Assert.Contains("refuses the credentials", failure?.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", failure?.Reason, StringComparison.Ordinal);
        Assert.False(failure?.IsTransient);
    }

    [Fact]
    public async Task Send_ServerWithoutStartTls_GetsNothingNotEvenTheCredentials()
    {
        await using var server = await SmtpServer.StartAsync(certificate: null, wantsAuth: true);
        await using var notifier = Open(server, $"username=dewy@example.com&password={Uri.EscapeDataString(SmtpServer.Password)}");

        var failure = await notifier.SendAsync(Sample.Message(), Cancellation);

        Assert.Contains("offers no STARTTLS", failure?.Reason, StringComparison.Ordinal);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task Send_CertificateNobodyTrusts_IsRefused()
    {
        using var certificate = TestCertificate.Create();
        await using var server = await SmtpServer.StartAsync(certificate);
        await using var notifier = Open(server, "");

        var failure = await notifier.SendAsync(Sample.Message(), Cancellation);

        Assert.Contains("no secure connection", failure?.Reason, StringComparison.Ordinal);
        Assert.False(failure?.IsTransient);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task Send_NoSuchUser_IsRefusedForGood()
    {
        await using var server = await SmtpServer.StartAsync(certificate: null);
        await using var notifier = Sample.Notifier($"smtp://127.0.0.1:{server.Port}/nobody@example.com?tls=false&from=dewy@example.com");

        var failure = await notifier.SendAsync(Sample.Message(), Cancellation);

        Assert.Contains("550", failure?.Reason, StringComparison.Ordinal);
        Assert.False(failure?.IsTransient);
    }

    [Fact]
    public async Task Send_Greylisted_MayBeTriedAgain()
    {
        await using var server = await SmtpServer.StartAsync(certificate: null, busy: 1);
        await using var notifier = Open(server, "tls=false");

        Assert.True((await notifier.SendAsync(Sample.Message(), Cancellation))?.IsTransient);
        Assert.Null(await notifier.SendAsync(Sample.Message(), Cancellation));
    }

    [Fact]
    public async Task Send_NobodyListens_IsATransientFailure()
    {
        await using var notifier = Sample.Notifier("smtp://127.0.0.1:1/ops@example.com?tls=false&from=dewy@example.com");

        Assert.True((await notifier.SendAsync(Sample.Message(), Cancellation))?.IsTransient);
    }

    [Fact]
    public async Task Send_TextWithLineBreaks_AddsNoHeader()
    {
        await using var server = await SmtpServer.StartAsync(certificate: null);
        await using var notifier = Open(server, "tls=false");

        await notifier.SendAsync(Sample.Message("one\r\nBcc: all@example.com"), Cancellation);

        await server.ReceivedAsync(1);
        Assert.Empty(Parse(server.Mails.First()).Bcc);
        Assert.Single(server.Mails.First()["to"]?.AsArray() ?? []);
    }

    private static INotifier Open(SmtpServer server, string parameters) =>
        Sample.Notifier($"smtp://127.0.0.1:{server.Port}/ops@example.com?from=dewy@example.com&{parameters}");

    private static MimeMessage Parse(System.Text.Json.Nodes.JsonNode mail)
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes((string?)mail["data"] ?? ""));
        return MimeMessage.Load(stream, Cancellation);
    }
}

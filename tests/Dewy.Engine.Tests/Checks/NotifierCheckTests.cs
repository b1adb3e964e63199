using System.Net;
using System.Net.Sockets;
using Dewy.Tests.Grpc;
using Dewy.Tests.Notifications;
using Dewy.Tests.Smtp;
using Xunit;

namespace Dewy.Engine.Tests.Checks;

/// <summary>Notifiers are tried as far as that can be done without sending anything.</summary>
public sealed class NotifierCheckTests : IDisposable
{
    private readonly CheckedHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Check_Slack_AsksWhoseTheTokenIsAndPostsNothing()
    {
        await using var slack = await SlackAsync();

        var check = await _host.CheckOneAsync("notifier", ("notifier", "slack://deployments"));

        Assert.Equal((CheckResult.Passed, "slack://deployments"), (check.Result, check.Target));
        Assert.Contains("dewy in Acme", check.Message, StringComparison.Ordinal);
        Assert.Contains("not tried", check.Message, StringComparison.Ordinal);
        Assert.Equal(["/api/auth.test"], slack.Requests.Select(request => request.Path));
        Assert.Empty(slack.Messages);
    }

    [Fact]
    public async Task Check_SlackTokenIsWrong_Fails()
    {
        await using var slack = await SlackAsync();
        _host.Environment["SLACK_TOKEN"] = "xoxb-wrong";

        var check = await _host.CheckOneAsync("notifier", ("notifier", "slack://deployments"));

        Assert.Equal((CheckResult.Failed, ErrorCode.NotifierUnreachable, ExitCode.Failed), (check.Result, check.Code, check.ExitCode));
        Assert.Contains("invalid_auth", check.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_SlackTokenIsMissing_IsAnOptionsFailure() =>
        Assert.Equal(ExitCode.Usage, (await _host.CheckOneAsync("notifier", ("notifier", "slack://deployments"))).ExitCode);

    [Theory]
    [InlineData(SmtpServer.Password, CheckResult.Passed)]
    [InlineData("wrong", CheckResult.Failed)]
    public async Task Check_RealMailServer_TriesTheCredentialsAndSendsNothing(string password, CheckResult expected)
    {
        await using var server = await SmtpServer.StartAsync(certificate: null, wantsAuth: true);
        _host.Environment["MAIL_USERNAME"] = SmtpServer.UserName;
        _host.Environment["MAIL_PASSWORD"] = password;

        var check = await _host.CheckOneAsync("notifier", ("notifier", $"smtp://127.0.0.1:{server.Port}/ops@example.com?tls=false"));

        Assert.Equal(expected, check.Result);
        Assert.Contains(expected == CheckResult.Passed ? "and the credentials; no message was sent" : "refuses the credentials", check.Message, StringComparison.Ordinal);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task Check_RealMailServerWithStartTls_DemandsATrustedCertificate()
    {
        using var certificate = TestCertificate.Create();
        await using var server = await SmtpServer.StartAsync(certificate);

        var check = await _host.CheckOneAsync("notifier", ("notifier", $"smtp://127.0.0.1:{server.Port}/ops@example.com?from=a@example.com"));

        Assert.Equal(CheckResult.Failed, check.Result);
        Assert.Contains("no secure connection", check.Message, StringComparison.Ordinal);
        Assert.Contains("certificate", check.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_MailServerWithoutStartTls_Fails()
    {
        await using var server = await SmtpServer.StartAsync(certificate: null);

        Assert.Contains("no STARTTLS", (await _host.CheckOneAsync("notifier", ("notifier", $"smtp://127.0.0.1:{server.Port}/ops@example.com?from=a@example.com"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_Webhook_IsConnectedToAndAskedNothing()
    {
        await using var receiver = new WebhookReceiver();
        await receiver.StartAsync();

        var check = await _host.CheckOneAsync("notifier", ("notifier", receiver.SignedUrl));

        Assert.Equal(CheckResult.Passed, check.Result);
        Assert.Contains("not tried", check.Message, StringComparison.Ordinal);
        Assert.Empty(receiver.Requests);
    }

    [Theory]
    [InlineData("webhook://127.0.0.1:{0}/hook", "cannot be reached")]
    [InlineData("webhooks://127.0.0.1:{0}/hook", "cannot be reached")]
    [InlineData("teams://127.0.0.1:{0}/hook", "cannot be reached")]
    [InlineData("discord://127.0.0.1:{0}/api/webhooks/1/abc", "cannot be reached")]
    [InlineData("webhooks://no-such-host.invalid/hook", "does not resolve")]
    public async Task Check_NobodyThere_Fails(string notifier, string expected)
    {
        var check = await _host.CheckOneAsync("notifier", ("notifier", string.Format(System.Globalization.CultureInfo.InvariantCulture, notifier, ClosedPort())));

        Assert.Equal(CheckResult.Failed, check.Result);
        Assert.Contains(expected, check.Message, StringComparison.Ordinal);
        Assert.NotNull(check.NextStep);
    }

    [Fact]
    public async Task Check_WebhookWithoutTlsWhereItIsExpected_Fails()
    {
        await using var receiver = new WebhookReceiver();
        await receiver.StartAsync();

        var check = await _host.CheckOneAsync("notifier", ("notifier", $"webhooks://{receiver.Address.Authority}/hook"));

        Assert.Equal(CheckResult.Failed, check.Result);
    }

    [Fact]
    public async Task Check_Collector_IsConnectedTo()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        Assert.Equal(CheckResult.Passed, (await _host.CheckOneAsync("otlp-endpoint", ("otlp-endpoint", $"{listener.LocalEndpoint}"), ("otlp-insecure", "true"))).Result);
        Assert.Equal(CheckResult.Failed, (await _host.CheckOneAsync("otlp-endpoint", ("otlp-endpoint", $"127.0.0.1:{ClosedPort()}"))).Result);
    }

    private async Task<SlackServer> SlackAsync()
    {
        var slack = new SlackServer();
        await slack.StartAsync();
        foreach (var (name, value) in slack.Environment)
            _host.Environment[name] = value;
        return slack;
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

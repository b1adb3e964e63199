using System.Globalization;
using System.Net.Sockets;
using Dewy.Engine.Registries.Http;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Dewy.Engine.Notifications.Mail;

/// <summary>
/// Sends mail over SMTP submission (RFC 6409), a connection a message. The connection is made secure by STARTTLS, or from
/// its first byte on port 465, and the certificate is verified; without that nothing is sent unless <c>tls=false</c>.
/// </summary>
internal sealed class MailNotifier : INotifier
{
    private const int ImplicitTlsPort = 465;

    private readonly MailSettings _settings;
    private readonly NotifierServices _services;

    private MailNotifier(MailSettings settings, NotifierServices services)
    {
        _settings = settings;
        _services = services;
    }

    public static NotifierScheme SchemeOf(string name) => new()
    {
        Name = name,
        Form = MailSettings.FormOf(name),
        Parameters = MailSettings.Parameters,
        Display = MailSettings.Display,
        Validate = address => MailSettings.Read(address),
        Secrets = MailSettings.SecretsIn,
        Create = (address, services) => new MailNotifier(MailSettings.Read(address).With(services, address), services),
    };

    public async Task<NotifierFailure?> SendAsync(NotificationMessage message, CancellationToken cancellationToken)
    {
        using var mail = MailText.Of(message, _settings);
        return await TalkAsync(client => client.SendAsync(mail, cancellationToken), cancellationToken);
    }

    public async Task<NotifierProbe> ProbeAsync(CancellationToken cancellationToken)
    {
        var secure = false;
        var failure = await TalkAsync(client => Task.FromResult(secure = client.IsSecure), cancellationToken);
        return new NotifierProbe($"{_settings.Host}:{_settings.Port} takes connections{(secure ? " by TLS" : " without TLS")}{(_settings.UserName is null ? "" : " and the credentials")}; no message was sent, so the recipient is not tried.", failure);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private SecureSocketOptions Security =>
        !_settings.RequiresTls ? SecureSocketOptions.None
        : _settings.Port == ImplicitTlsPort ? SecureSocketOptions.SslOnConnect
        : SecureSocketOptions.StartTls;

    /// <summary>Connects, logs in, does something, and takes leave.</summary>
    /// <returns>What went wrong; null for nothing.</returns>
    private async Task<NotifierFailure?> TalkAsync(Func<SmtpClient, Task> body, CancellationToken cancellationToken)
    {
        using var client = new SmtpClient { CheckCertificateRevocation = false }; // as every other connection of Dewy: many authorities of companies publish no list
        try
        {
            await client.ConnectAsync(_settings.Host, _settings.Port, Security, cancellationToken);
            if (_settings.UserName is { } userName)
                await client.AuthenticateAsync(userName, _settings.Password ?? "", cancellationToken);
            await body(client);
            await QuitAsync(client, cancellationToken);
            return null;
        }
        catch (SslHandshakeException exception)
        {
            return new NotifierFailure($"there is no secure connection: {Clean(CauseOf(exception))}", "Check the server's certificate, this host's clock and its trusted authorities", IsTransient: false);
        }
        catch (AuthenticationException exception)
        {
            return new NotifierFailure($"the server refuses the credentials: {Clean(exception.Message)}", "Correct username= and password=, or MAIL_USERNAME and MAIL_PASSWORD", IsTransient: false);
        }
        catch (NotSupportedException exception)
        {
            return client.IsSecure || !_settings.RequiresTls
                ? new NotifierFailure($"the server lacks something: {Clean(exception.Message)}", "Leave username= and password= out for a server that wants none", IsTransient: false)
                : new NotifierFailure("the server offers no STARTTLS", "Enable it there; tls=false sends without, readable for everyone on the way", IsTransient: false);
        }
        catch (SmtpCommandException exception)
        {
            return Refusal(exception);
        }
        catch (Exception exception) when (exception is SocketException or IOException or ProtocolException or ServiceNotConnectedException)
        {
            return new NotifierFailure($"the server cannot be reached: {Clean(exception.Message)}", "Check the network, host, port and the firewall between this host and the server", IsTransient: true);
        }
    }

    /// <summary>The message is accepted by then: a server that does not say good-bye changes nothing about that.</summary>
    private static async Task QuitAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or ProtocolException or SocketException or OperationCanceledException)
        {
            // Disposing closes it.
        }
    }

    /// <summary>Replies from 400 to 499 pass, those from 500 do not (RFC 5321, section 4.2.1).</summary>
    private NotifierFailure Refusal(SmtpCommandException exception)
    {
        var code = ((int)exception.StatusCode).ToString(CultureInfo.InvariantCulture);
        var step = exception.StatusCode == SmtpStatusCode.AuthenticationRequired
            ? "Give username= and password=, or MAIL_USERNAME and MAIL_PASSWORD"
            : "Check the recipient, from= and what the server lets this host send";
        return new NotifierFailure($"the server answered {code} ({Clean(exception.Message)})", step, (int)exception.StatusCode is >= 400 and < 500);
    }

    /// <summary>MailKit's own message is a page of advice with the cause at its end.</summary>
    private static string CauseOf(SslHandshakeException exception) =>
        exception.InnerException?.Message ?? exception.Message;

    private string Clean(string text) => ErrorBody.Shorten(_services.Redactor.Redact(ErrorBody.OneLine(text) ?? "no reason given"));
}

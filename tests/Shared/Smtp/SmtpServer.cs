using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dewy.Tests.Smtp;

/// <summary>
/// A real mail server (npm <c>smtp-server</c>, whose directory <c>DEWY_TEST_SMTP_SERVER</c> names) on a free loopback port.
/// It keeps what it was sent.
/// </summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    public const string UserName = "dewy@example.com";
    public const string Password = "canary password/of mail";

    /// <summary>Says its port, then one line of JSON for each mail.</summary>
    private const string Program = """
        const settings = JSON.parse(process.argv[2]);
        const { SMTPServer } = require(settings.module);
        const refuse = (code, text) => Object.assign(new Error(text), { responseCode: code });
        let busy = settings.busy;
        const server = new SMTPServer({
            secure: settings.secure, key: settings.key, cert: settings.cert, logger: false,
            authOptional: !settings.wantsAuth,
            disabledCommands: [...(settings.startTls ? [] : ['STARTTLS']), ...(settings.wantsAuth ? [] : ['AUTH'])],
            allowInsecureAuth: !settings.startTls,
            onAuth(auth, session, done) {
                return auth.username === settings.user && auth.password === settings.password ? done(null, { user: auth.username }) : done(refuse(535, '5.7.8 Error: authentication failed'));
            },
            onRcptTo(address, session, done) {
                if (address.address.startsWith('nobody@')) return done(refuse(550, '5.1.1 No such user'));
                if (busy-- > 0) return done(refuse(451, '4.7.1 Greylisted, try again'));
                done();
            },
            onData(stream, session, done) {
                const parts = [];
                stream.on('data', part => parts.push(part));
                stream.on('end', () => {
                    console.log(JSON.stringify({
                        from: session.envelope.mailFrom.address, to: session.envelope.rcptTo.map(to => to.address),
                        user: session.user || null, secure: session.secure, data: Buffer.concat(parts).toString('utf8'),
                    }));
                    done();
                });
            },
        });
        server.on('error', () => {});
        server.listen(0, '127.0.0.1', () => console.log(server.server.address().port));
        process.stdin.on('end', () => process.exit(0)).resume();
        """;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<JsonNode> _mails = new();
    private readonly Process _process;
    private readonly TemporaryDirectory _directory;
    private Task _reading = Task.CompletedTask;

    private SmtpServer(Process process, TemporaryDirectory directory)
    {
        _process = process;
        _directory = directory;
    }

    public int Port { get; private set; }

    public IReadOnlyCollection<JsonNode> Mails => _mails;

    /// <summary>Starts a server; skips the test with the reason where there is none.</summary>
    /// <param name="certificate">What it shows for STARTTLS, or from the first byte; null for a server without TLS.</param>
    /// <param name="wantsAuth">Whether it takes mail of <see cref="UserName"/> only.</param>
    /// <param name="implicitTls">Whether TLS begins with the first byte.</param>
    /// <param name="busy">How many recipients it puts off at first.</param>
    public static async Task<SmtpServer> StartAsync(X509Certificate2? certificate, bool wantsAuth = false, bool implicitTls = false, int busy = 0)
    {
        var module = Environment.GetEnvironmentVariable("DEWY_TEST_SMTP_SERVER");
        Component.Require("smtp", Directory.Exists(module), "DEWY_TEST_SMTP_SERVER names no smtp-server (npm install smtp-server)");
        var directory = new TemporaryDirectory();
        var program = directory.Combine("server.js");
        await File.WriteAllTextAsync(program, Program);
        var settings = JsonSerializer.Serialize(new
        {
            module,
            secure = implicitTls,
            startTls = certificate is not null && !implicitTls,
            key = certificate?.GetECDsaPrivateKey()?.ExportPkcs8PrivateKeyPem(),
            cert = certificate?.ExportCertificatePem(),
            wantsAuth,
            user = UserName,
            password = Password,
            busy,
        });
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(Component.Program("node"), [program, settings])
            {
                RedirectStandardOutput = true,
                RedirectStandardInput = true, // its end is the server's
                UseShellExecute = false,
            },
        };
        process.Start();
        var server = new SmtpServer(process, directory);
        using var limit = new CancellationTokenSource(StartLimit);
        var line = await process.StandardOutput.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException("smtp-server ended without listening.");
        server.Port = int.Parse(line, System.Globalization.CultureInfo.InvariantCulture);
        server._reading = server.ReadAsync();
        return server;
    }

    public Task ReceivedAsync(int count) => Eventually.IsTrueAsync(() => _mails.Count >= count, $"{count} mails came");

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _reading;
        await _process.WaitForExitAsync();
        _process.Dispose();
        _directory.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (JsonNode.Parse(line) is { } mail)
                _mails.Enqueue(mail);
        }
    }
}

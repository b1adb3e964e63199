using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dewy.Engine.Deployment;
using Dewy.Engine.Processes;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Checks;

public sealed class ListeningCheckTests : IDisposable
{
    private readonly CheckedHost _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Check_FreePort_PassesAndStaysFree()
    {
        var port = FreePort();

        Assert.Equal((CheckResult.Passed, "It is free."), await PortAsync($"127.0.0.1:{port}"));
        using var listening = ListeningSocket.Open(new ListenAddress($"127.0.0.1:{port}", "127.0.0.1", port, Path: null));
    }

    [Fact]
    public async Task Check_PortOfAnother_FailsAndNamesIt()
    {
        Component.Linux();
        using var listener = Listener();

        var check = await _host.CheckOneAsync("port", Server($"{listener.LocalEndpoint}"));

        Assert.Equal((CheckResult.Failed, ErrorCode.PortInUse, ExitCode.Failed), (check.Result, check.Code, check.ExitCode));
        Assert.Contains($"(process {Environment.ProcessId})", check.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_PortOfThisRootsAgent_Passes()
    {
        Component.Linux();
        using var listener = Listener();
        var layout = new RootLayout(_host.Root);
        layout.EnsureCreated();
        using var held = await RootLock.AcquireAsync(layout, RootLock.AgentPurpose, TimeProvider.System, Token);

        var (result, message) = await PortAsync($"{listener.LocalEndpoint}");

        Assert.Equal(CheckResult.Passed, result);
        Assert.Contains("held by this application", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_PortOfAProgramAnEarlierAgentLeft_Passes()
    {
        Component.Linux();
        var port = FreePort();
        using var program = Process.Start(new ProcessStartInfo(Component.Program("perl"), ["-MIO::Socket::INET", "-e", $"$| = 1; my $s = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1', LocalPort => {port}) or die; print \"ready\\n\"; sleep 60"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("It did not start.");
        try
        {
            await program.StandardOutput.ReadLineAsync(Token);
            var layout = new RootLayout(_host.Root);
            layout.EnsureCreated();
            new RunRecord(layout.ProcessesFile).Put(new GenerationRecord
            {
                Generation = 1,
                ProcessId = program.Id,
                Identity = ProcessIdentity.Of(program.Id) ?? "",
                Tag = "v1.0.0",
                Key = "v1.0.0--app",
                DeployedAt = DateTimeOffset.UtcNow,
                DeploymentId = "d1",
                StartedAt = DateTimeOffset.UtcNow,
                OutputFile = _host.Combine("1.log"),
            });

            Assert.Equal(CheckResult.Passed, (await PortAsync($"127.0.0.1:{port}")).Result);
        }
        finally
        {
            program.Kill();
        }
    }

    [Fact]
    public async Task Check_UnixSocket_LooksAtItsDirectoryAndAtWhoListens()
    {
        Component.Linux();
        var path = _host.Combine("app.sock");

        Assert.Equal((CheckResult.Passed, "It is free."), await PortAsync(path));
        Assert.False(File.Exists(path));
        Assert.Equal(CheckResult.Failed, (await PortAsync(_host.Combine("no", "such", "app.sock"))).Result);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        Assert.Equal(CheckResult.Failed, (await PortAsync(path)).Result);
    }

    [Fact]
    public async Task Check_AdminPort_TellsTheOneItWouldBe()
    {
        Component.Linux();
        using var listener = Listener();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var check = await _host.CheckOneAsync("admin-port", ("admin-port", $"{port}"));

        Assert.Equal(CheckResult.Passed, check.Result);
        Assert.Contains($"(process {Environment.ProcessId}); the admin API would be at", check.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-10, 90, CheckResult.Passed, "it holds until")]
    [InlineData(-10, 20, CheckResult.Warning, "in 19 days")]
    [InlineData(-10, -1, CheckResult.Failed, "it ended at")]
    [InlineData(5, 90, CheckResult.Failed, "it only holds from")]
    public async Task Check_Certificate_IsHeldAgainstTheClock(int from, int until, CheckResult expected, string message)
    {
        var (certificate, key) = Certificate(from, until);

        var check = await _host.CheckOneAsync("certificate", [.. Proxy(), ("tls-cert", certificate), ("tls-key", key)]);

        Assert.Equal(expected, check.Result);
        Assert.Contains(message, check.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_KeyOfAnotherCertificate_Fails()
    {
        var (certificate, _) = Certificate(-1, 90, "one");
        var (_, key) = Certificate(-1, 90, "two");

        var check = await _host.CheckOneAsync("certificate", [.. Proxy(), ("tls-cert", certificate), ("tls-key", key)]);

        Assert.Equal((CheckResult.Failed, ErrorCode.InvalidConfiguration, ExitCode.Usage), (check.Result, check.Code, check.ExitCode));
    }

    private static (string, string)[] Server(string port) => [("mode", "server"), ("command", "/bin/sh"), ("port", port)];

    private static (string, string)[] Proxy() => [.. Server("127.0.0.1:0"), ("handoff", "proxy")];

    private async Task<(CheckResult Result, string Message)> PortAsync(string port)
    {
        var check = await _host.CheckOneAsync("port", Server(port));
        return (check.Result, check.Message);
    }

    private static TcpListener Listener()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static int FreePort()
    {
        using var listener = Listener();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private (string Certificate, string Key) Certificate(int fromDays, int untilDays, string name = "site")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(fromDays), DateTimeOffset.UtcNow.AddDays(untilDays));
        return (_host.Write($"{name}.crt", certificate.ExportCertificatePem()), _host.Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()));
    }
}

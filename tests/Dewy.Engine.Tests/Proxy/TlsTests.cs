using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Dewy.Engine.Proxy;
using Dewy.Engine.Proxy.Connections;
using Dewy.Engine.Tests.Proxy.Http1;
using Dewy.Tests;
using Dewy.Tests.Grpc;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Proxy;

public sealed class TlsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly RecordingEventSink _events = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string CertificateFile => _directory.Combine("tls.crt");

    private string KeyFile => _directory.Combine("tls.key");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Send_OverTls_SpeaksBothVersionsAndSaysHttps(string version)
    {
        using var certificate = WritePem();
        await using var backend = await TestBackend.StartAsync(context => context.Response.WriteAsync($"{context.Request.Protocol} {context.Request.Headers["X-Forwarded-Proto"]}", Cancelled));
        await using var proxy = await RunningProxy.StartAsync(RunningProxy.Options() with { CertificateFile = CertificateFile, KeyFile = KeyFile }, backend);
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, presented, _, _) => certificate.Equals(presented) } });
        using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(proxy.Address) { Scheme = "https" }.Uri) { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var answer = await client.SendAsync(request, Cancelled);
        Assert.Equal(Version.Parse(version), answer.Version);
        Assert.Equal("HTTP/1.1 https", await answer.Content.ReadAsStringAsync(Cancelled));
    }

    /// <summary>They are written past the server, which must not be past the encryption.</summary>
    [Fact]
    public async Task Send_OverTls_EarlyHintsAreEncryptedToo()
    {
        using var certificate = WritePem();
        await using var backend = AnsweringBackend.Start("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody");
        await using var proxy = await RunningProxy.StartAsync(RunningProxy.Options() with { CertificateFile = CertificateFile, KeyFile = KeyFile });
        proxy.Backends.Add("raw", [backend.EndPoint]);
        using var connection = await proxy.ConnectAsync(Cancelled);
        await using var tls = new SslStream(new NetworkStream(connection.Socket, ownsSocket: false));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = (_, presented, _, _) => certificate.Equals(presented) }, Cancelled);
        await tls.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"u8.ToArray(), Cancelled);
        var answer = await new StreamReader(tls).ReadToEndAsync(Cancelled);
        Assert.StartsWith("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_Pkcs12_IsRead()
    {
        using var certificate = TestCertificate.Create();
        await File.WriteAllBytesAsync(CertificateFile, certificate.Export(X509ContentType.Pkcs12), Cancelled);
        await using var store = new CertificateStore(CertificateFile, null, _events, _time);
        Assert.Equal(certificate.Thumbprint, store.Current.ServerCertificateContext?.TargetCertificate.Thumbprint);
    }

    [Fact]
    public async Task Certificate_Replaced_IsTakenForNewConnections()
    {
        using var first = WritePem();
        await using var store = new CertificateStore(CertificateFile, KeyFile, _events, _time);
        Assert.Equal(first.Thumbprint, Presented(store));
        using var second = WritePem();
        await AdvanceUntilAsync(() => Presented(store) == second.Thumbprint);
        Assert.Empty(_events.Events);
    }

    [Fact]
    public async Task Certificate_ReplacedByABrokenOne_TheOldOneStaysAndSomebodyIsTold()
    {
        using var first = WritePem();
        await using var store = new CertificateStore(CertificateFile, KeyFile, _events, _time);
        await File.WriteAllTextAsync(CertificateFile, "-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n", Cancelled);
        await AdvanceUntilAsync(() => _events.Of<AttentionNeeded>().Any());
        for (var number = 0; number < 3; number++)
            _time.Advance(CertificateStore.Interval);
        Assert.Equal(first.Thumbprint, Presented(store));
        Assert.Equal(CertificateFile, Assert.Single(_events.Of<AttentionNeeded>()).Target);
        using var second = WritePem();
        await AdvanceUntilAsync(() => Presented(store) == second.Thumbprint);
    }

    [Fact]
    public void Certificate_KeyOfAnother_IsRefusedAtStart()
    {
        using var first = WritePem();
        var chain = File.ReadAllText(CertificateFile);
        using var second = WritePem();
        File.WriteAllText(CertificateFile, chain);
        Assert.Equal(ErrorCode.InvalidConfiguration, Assert.Throws<DewyException>(() => new CertificateStore(CertificateFile, KeyFile, _events, _time)).Code);
    }

    [Fact]
    public void Certificate_Missing_IsRefusedAtStart()
    {
        var failure = Assert.Throws<DewyException>(() => new CertificateStore(CertificateFile, null, _events, _time));
        Assert.Contains(CertificateFile, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_HandshakeThatNeverEnds_IsGivenUp()
    {
        using var certificate = WritePem();
        await using var backend = await TestBackend.StartNamedAsync("b");
        await using var proxy = await RunningProxy.StartAsync(
            RunningProxy.Options() with { CertificateFile = CertificateFile, KeyFile = KeyFile }, new ProxyLimits { HeaderTimeout = TimeSpan.FromSeconds(1) }, backend);
        using var client = await proxy.ConnectAsync(Cancelled);
        await client.ReadToEndAsync(Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
    }

    private static string? Presented(CertificateStore store) => store.Current.ServerCertificateContext?.TargetCertificate.Thumbprint;

    private Task AdvanceUntilAsync(Func<bool> condition) => Eventually.IsTrueAsync(
        () =>
        {
            _time.Advance(CertificateStore.Interval);
            return condition();
        },
        "the certificate was looked at");

    /// <summary>As a tool for certificates does it: the key first, each by a rename.</summary>
    private X509Certificate2 WritePem()
    {
        var certificate = TestCertificate.Create();
        using var key = certificate.GetECDsaPrivateKey() ?? throw new InvalidOperationException("It has a key.");
        foreach (var (path, text) in new[] { (KeyFile, key.ExportPkcs8PrivateKeyPem()), (CertificateFile, certificate.ExportCertificatePem()) })
        {
            File.WriteAllText(path + ".new", text);
            File.Move(path + ".new", path, overwrite: true);
        }

        return certificate;
    }
}

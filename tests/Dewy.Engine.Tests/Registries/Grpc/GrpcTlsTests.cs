using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Dewy.Engine.Registries.Http;
using Dewy.Tests.Grpc;
using Xunit;

namespace Dewy.Engine.Tests.Registries.Grpc;

public sealed class GrpcTlsTests : IDisposable
{
    private readonly X509Certificate2 _certificate = TestCertificate.Create();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _certificate.Dispose();

    [Fact]
    public async Task Find_ByDefault_SpeaksTlsToAServiceWithATrustedCertificate()
    {
        await using var registry = await new GrpcRegistry { Service = new RegistryServer { Certificate = _certificate }, CreateHandler = Trusting }.StartAsync();
        registry.Publish("v1.0.0");

        var finding = await registry.Finder("").FindNewestAsync(Token);

        Assert.Equal("v1.0.0", finding.Release.Tag);
    }

    [Fact]
    public async Task Find_CertificateOfNobodyKnown_IsRefused()
    {
        await using var registry = await new GrpcRegistry { Service = new RegistryServer { Certificate = _certificate } }.StartAsync();
        registry.Publish("v1.0.0");

        var failure = await Assert.ThrowsAsync<DewyException>(() => registry.Finder("").FindNewestAsync(Token));

        Assert.Equal(ErrorCode.RegistryUnavailable, failure.Code);
        Assert.Contains("certificate", failure.NextStep, StringComparison.Ordinal);
        Assert.Empty(registry.Service.Requests);
    }

    [Fact]
    public async Task Find_TlsAskedOfAServiceWithout_NamesTheParameter()
    {
        await using var registry = await new GrpcRegistry().StartAsync();
        registry.Publish("v1.0.0");

        var failure = await Assert.ThrowsAsync<DewyException>(() => registry.Finder("").FindNewestAsync(Token));

        Assert.Equal(ErrorCode.RegistryUnavailable, failure.Code);
        Assert.Contains("no-tls=true", failure.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_NoTlsAskedOfAServiceWith_NamesTheParameter()
    {
        await using var registry = await new GrpcRegistry { Service = new RegistryServer { Certificate = _certificate } }.StartAsync();
        registry.Publish("v1.0.0");

        var failure = await Assert.ThrowsAsync<DewyException>(() => registry.Finder().FindNewestAsync(Token));

        Assert.Equal(ErrorCode.RegistryMalformed, failure.Code);
        Assert.Contains("no-tls=true", failure.NextStep, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://releases.example.test/app.zip", true)]
    [InlineData("http://localhost:1/app.zip?signed", false)]
    public async Task Find_UnprotectedUrlFromAProtectedService_IsRefusedUnlessItIsThisHost(string url, bool refused)
    {
        await using var registry = await new GrpcRegistry { Service = new RegistryServer { Certificate = _certificate }, CreateHandler = Trusting }.StartAsync();
        registry.Service.Publish("v1.0.0", url);

        var failure = await Record.ExceptionAsync(() => registry.Finder("").FindNewestAsync(Token));

        if (refused)
            Assert.Contains("unprotected", Assert.IsType<DewyException>(failure).Message, StringComparison.Ordinal);
        else
            Assert.Null(failure);
    }

    private HttpMessageHandler Trusting()
    {
        var handler = (SocketsHttpHandler)RegistryHandlers.Create();
        handler.SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { X509CertificateLoader.LoadCertificate(_certificate.RawData) },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        };
        return handler;
    }
}

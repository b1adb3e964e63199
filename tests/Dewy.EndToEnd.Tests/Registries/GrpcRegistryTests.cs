using System.IO.Compression;
using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Tests;
using Dewy.Tests.Grpc;
using Dewy.Tests.Grpc.Wire;
using Dewy.Tests.Http;
using Grpc.Core;
using Xunit;

namespace Dewy.EndToEnd.Tests.Registries;

/// <summary>An agent that follows a gRPC service, whose files lie on a web server.</summary>
public sealed class GrpcRegistryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Agent_ServiceNamesOneReleaseAfterAnother_DeploysAndReportsEach()
    {
        await using var registry = await RegistryServer.CreateAsync();
        await using var files = await FileServer.CreateAsync();
        await using var application = new SampleApplication(DeploymentMode.Assets);
        registry.Publish("v1.0.0", Put(files, "v1.0.0", "one"), id: "first");
        var agent = application.StartAgent(("registry", $"grpc://{registry.Authority}?no-tls=true"));
        await agent.DeployedAsync("v1.0.0");

        registry.Publish("v1.1.0", Put(files, "v1.1.0", "two"), id: "second");
        agent.Wake();
        await agent.DeployedAsync("v1.1.0");

        Assert.Equal("two", await File.ReadAllTextAsync(Path.Combine(application.Root, "current", "content.txt"), Token));
        await Eventually.IsTrueAsync(() => registry.Reports.Count == 2, "both deployments are reported");
        Assert.Equal(
            [
                new ReportRequest { Id = "first", Tag = "v1.0.0", Command = "assets" },
                new ReportRequest { Id = "second", Tag = "v1.1.0", Command = "assets" },
            ],
            registry.Reports);
    }

    [Fact]
    public async Task Agent_ServiceIsDown_KeepsTheReleaseAndGoesOnLater()
    {
        await using var registry = await RegistryServer.CreateAsync();
        await using var files = await FileServer.CreateAsync();
        await using var application = new SampleApplication(DeploymentMode.Assets);
        registry.Publish("v1.0.0", Put(files, "v1.0.0", "one"));
        var agent = application.StartAgent(("registry", $"grpc://{registry.Authority}?no-tls=true"));
        await agent.DeployedAsync("v1.0.0");

        registry.Fail(StatusCode.Unavailable, "maintenance");
        agent.Wake();
        var failed = await agent.Events.WaitForAsync<CycleFailed>();
        registry.Publish("v1.1.0", Put(files, "v1.1.0", "two"));
        agent.Wake();
        await agent.DeployedAsync("v1.1.0");

        Assert.Contains("maintenance", failed.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Releases_ServiceWithACertificateOfItsOwn_IsAskedOnlyWhereTheHostTrustsIt(bool trusted)
    {
        Component.Linux(); // where OpenSSL reads SSL_CERT_FILE
        using var directory = new TemporaryDirectory();
        using var certificate = TestCertificate.Create();
        await using var registry = await RegistryServer.CreateAsync(certificate);
        registry.Publish("v1.0.0", "");
        await File.WriteAllTextAsync(directory.Combine("ca.pem"), certificate.ExportCertificatePem(), Token);

        await using var dewy = AgentProcess.StartCommandAs(
            directory.Path,
            "env",
            trusted ? [$"SSL_CERT_FILE={directory.Combine("ca.pem")}"] : [],
            ["releases", "--registry", $"grpc://localhost:{registry.Address.Port}"]);
        var code = await dewy.ExitedAsync();

        Assert.True(code == (trusted ? 0 : 3), $"It ended with {code}: {dewy.Output}");
        Assert.Contains(trusted ? "v1.0.0" : "certificate", dewy.Output, StringComparison.Ordinal);
    }

    private static string Put(FileServer files, string tag, string content)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = archive.CreateEntry("content.txt").Open())
            entry.Write(System.Text.Encoding.UTF8.GetBytes(content));
        files.Put($"/{tag}/app.zip", bytes.ToArray());
        return new Uri(files.Address, $"{tag}/app.zip").AbsoluteUri;
    }
}

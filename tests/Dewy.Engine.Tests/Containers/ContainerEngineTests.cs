using System.Net.Sockets;
using Dewy.Engine.Containers.Engine;
using Dewy.Engine.Diagnostics;
using Dewy.Tests;
using Dewy.Tests.Http;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Dewy.Engine.Tests.Containers;

public sealed class ContainerEngineTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Connect_RealEngine_AgreesOnAVersion()
    {
        await DockerCommand.RequireAsync(Token);
        if (Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host)
            _environment["DOCKER_HOST"] = host;

        Assert.NotEqual("", (await ConnectAsync()).APIVersion);
    }

    [Fact]
    public async Task Connect_NoSocket_IsMissing()
    {
        Component.Linux();
        _environment["DOCKER_HOST"] = $"unix://{_directory.Path}/none.sock";

        var failure = await Assert.ThrowsAsync<DewyException>(ConnectAsync);

        Assert.Equal((ErrorCode.EngineMissing, _environment["DOCKER_HOST"]), (failure.Code, failure.Target));
        Assert.Contains("systemctl enable --now docker", failure.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_SocketNobodyListensOn_IsUnavailable()
    {
        Component.Linux();
        var path = _directory.Combine("engine.sock");
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            socket.Bind(new UnixDomainSocketEndPoint(path));
        await File.WriteAllTextAsync(path, "", Token); // closing the socket took it away
        _environment["DOCKER_HOST"] = $"unix://{path}";

        var failure = await Assert.ThrowsAsync<DewyException>(ConnectAsync);

        Assert.Equal(ErrorCode.EngineUnavailable, failure.Code);
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_SocketNotAllowed_IsDenied()
    {
        var failure = new EngineFailure(EngineAddress.Find("docker", _environment), "alice", new SecretRedactor())
            .Explain(new HttpRequestException("no", new SocketException((int)SocketError.AccessDenied)), wasReached: false);

        Assert.Equal(ErrorCode.EngineDenied, failure?.Code);
        Assert.Contains("alice", failure?.Message, StringComparison.Ordinal);
        Assert.Contains("usermod -aG docker alice", failure?.NextStep, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ssh://host", "SSH")]
    [InlineData("gopher://host", "gopher")]
    [InlineData("nonsense", "no address")]
    [InlineData("unix://", "unix")]
    public async Task Connect_AddressThatCannotBe_IsInvalid(string address, string why)
    {
        _environment["DOCKER_HOST"] = address;

        var failure = await Assert.ThrowsAsync<DewyException>(ConnectAsync);

        Assert.Equal((ErrorCode.InvalidOption, "DOCKER_HOST"), (failure.Code, failure.Target));
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcp://10.0.0.1", null, "tcp://10.0.0.1:2375", null)]
    [InlineData("tcp://10.0.0.1", "1", "tcp://10.0.0.1:2376", "/home/a/.docker")]
    [InlineData("tcp://10.0.0.1:99", "1", "tcp://10.0.0.1:99", "/home/a/.docker")]
    [InlineData("https://engine:443", null, "tcp://engine:443", "/home/a/.docker")]
    [InlineData("unix:///srv/d.sock", "1", "unix:///srv/d.sock", null)]
    [InlineData("npipe:////./pipe/docker_engine", null, "npipe:////./pipe/docker_engine", null)]
    public void Find_DockerHost_IsReadAsTheDockerCliDoes(string host, string? verify, string display, string? certificates)
    {
        _environment["HOME"] = "/home/a";
        _environment["DOCKER_HOST"] = host;
        if (verify is not null)
            _environment["DOCKER_TLS_VERIFY"] = verify;

        var address = EngineAddress.Find("docker", _environment);

        Assert.Equal((display, certificates), (address.Display, address.CertificateDirectory));
    }

    [Fact]
    public void Find_Podman_TakesTheUsersSocketWhereItExists()
    {
        Component.Linux();
        _environment["XDG_RUNTIME_DIR"] = _directory.Path;
        Assert.Equal("unix:///run/podman/podman.sock", EngineAddress.Find("podman", _environment).Display);
        Directory.CreateDirectory(_directory.Combine("podman"));
        File.WriteAllText(_directory.Combine("podman", "podman.sock"), "");

        Assert.Equal($"unix://{_directory.Path}/podman/podman.sock", EngineAddress.Find("podman", _environment).Display);
    }

    [Theory]
    [InlineData(403, "no right", ErrorCode.EngineDenied)]
    [InlineData(500, "trouble", ErrorCode.EngineUnavailable)]
    [InlineData(200, "{\"ApiVersion\":\"1.24\"}", ErrorCode.EngineUnavailable)]
    [InlineData(200, "{\"ApiVersion\":\"2.0\",\"MinAPIVersion\":\"1.90\"}", ErrorCode.EngineUnavailable)]
    [InlineData(200, "{}", ErrorCode.EngineUnavailable)]
    [InlineData(200, "<html>", ErrorCode.EngineUnavailable)]
    public async Task Connect_AnswersThatAreNoEngines_AreTold(int status, string body, ErrorCode code)
    {
        await using var server = new FixedServer(status, body);
        await server.StartAsync();
        _environment["DOCKER_HOST"] = $"tcp://{server.Address.Authority}";

        Assert.Equal(code, (await Assert.ThrowsAsync<DewyException>(ConnectAsync)).Code);
    }

    [Fact]
    public async Task Connect_CertificatesMissing_IsDenied()
    {
        _environment["DOCKER_HOST"] = "tcp://127.0.0.1:1";
        _environment["DOCKER_TLS_VERIFY"] = "1";
        _environment["DOCKER_CERT_PATH"] = _directory.Path;
        await File.WriteAllTextAsync(_directory.Combine("cert.pem"), "nonsense", Token);

        var failure = await Assert.ThrowsAsync<DewyException>(ConnectAsync);

        Assert.Equal((ErrorCode.EngineDenied, _directory.Path), (failure.Code, failure.Target));
    }

    private async Task<Docker.DotNet.Models.VersionResponse> ConnectAsync()
    {
        using var engine = new ContainerEngine("docker", _environment, "alice", new SecretRedactor(), TimeProvider.System);
        return await engine.ConnectAsync(Token);
    }

    /// <summary>Answers everything alike.</summary>
    private sealed class FixedServer(int status, string body) : LoopbackServer
    {
        protected override Task ServeAsync(HttpContext context) => AnswerAsync(context, status, body);
    }
}

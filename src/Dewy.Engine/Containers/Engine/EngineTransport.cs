using System.IO.Pipes;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Docker.DotNet;
using Docker.DotNet.Handler.Abstractions;
using Docker.DotNet.NativeHttp;

namespace Dewy.Engine.Containers.Engine;

/// <summary>
/// Opens clients of an engine. Always the platform's own HTTP stack, over whatever socket: the library's other transports
/// open a connection a request and do not let go of them when cancelled.
/// </summary>
internal static class EngineTransport
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <param name="address">Where the engine listens.</param>
    /// <param name="apiVersion">The version of the API to speak; null to let the engine decide.</param>
    public static DockerClient Open(EngineAddress address, Version? apiVersion)
    {
        ArgumentNullException.ThrowIfNull(address);
        var place = address.Host is { } host ? $"{(host.Host.Contains(':', StringComparison.Ordinal) ? $"[{host.Host}]" : host.Host)}:{host.Port}" : "localhost";
        var certificates = address.CertificateDirectory is { } directory ? Certificates(directory) : null;
        return new DockerClientBuilder()
            .WithEndpoint(new Uri($"tcp://{place}"))
            .WithApiVersion(apiVersion)
            .WithTimeout(Timeout.InfiniteTimeSpan) // every call here has a limit of its own
            .WithAuthProvider(certificates is null ? null : new TlsProvider())
            .WithTransportOptions(new NativeHttpTransportOptions { ConfigureHandler = handler => Configure(handler, address, certificates) })
            .Build();
    }

    private static void Configure(SocketsHttpHandler handler, EngineAddress address, SslClientAuthenticationOptions? certificates)
    {
        handler.MaxConnectionsPerServer = int.MaxValue; // one is held for each container that is waited for
        handler.UseProxy = false;
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.ConnectTimeout = ConnectTimeout;
        if (certificates is not null)
            handler.SslOptions = certificates;
        if (address.SocketPath is { } path)
            handler.ConnectCallback = (_, cancellationToken) => ConnectAsync(path, cancellationToken);
        else if (address.PipeName is { } name)
            handler.ConnectCallback = (_, cancellationToken) => OpenPipeAsync(name, cancellationToken);
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async ValueTask<Stream> OpenPipeAsync(string name, CancellationToken cancellationToken)
    {
        var pipe = new NamedPipeClientStream(".", name, PipeDirection.InOut, PipeOptions.Asynchronous);
        try
        {
            await pipe.ConnectAsync(cancellationToken);
            return pipe;
        }
        catch
        {
            await pipe.DisposeAsync();
            throw;
        }
    }

    private static SslClientAuthenticationOptions Certificates(string directory)
    {
        try
        {
            var options = new SslClientAuthenticationOptions();
            if (Path.Combine(directory, "cert.pem") is var certificate && File.Exists(certificate))
                options.ClientCertificates = [Exportable(X509Certificate2.CreateFromPemFile(certificate, Path.Combine(directory, "key.pem")))];
            if (Path.Combine(directory, "ca.pem") is var authority && File.Exists(authority))
            {
                options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
                options.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(authority);
            }

            return options;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new DewyException(ErrorCode.EngineDenied, $"The certificates for the container engine in {directory} cannot be used: {exception.Message}", exception)
            {
                Target = directory,
                NextStep = "Put ca.pem, cert.pem and key.pem there, readable for the agent's user, or set DOCKER_CERT_PATH.",
            };
        }
    }

    // Windows' TLS cannot use a key that only lives in memory.
    private static X509Certificate2 Exportable(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows())
            return certificate;
        using (certificate)
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), password: null);
    }

    /// <summary>Tells the library to speak HTTPS; the handler is configured already.</summary>
    private sealed class TlsProvider : IAuthProvider
    {
        public bool TlsEnabled => true;

        public HttpMessageHandler ConfigureHandler(HttpMessageHandler handler) => handler;
    }
}

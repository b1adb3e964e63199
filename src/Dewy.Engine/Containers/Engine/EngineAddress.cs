using System.Net;

namespace Dewy.Engine.Containers.Engine;

/// <summary>Where a container engine listens.</summary>
internal sealed record EngineAddress
{
    private const string DefaultDockerSocket = "/var/run/docker.sock";
    private const string DefaultPodmanSocket = "/run/podman/podman.sock";
    private const int PlainPort = 2375;
    private const int TlsPort = 2376;

    /// <summary>The address as people write it, such as <c>unix:///var/run/docker.sock</c>.</summary>
    public required string Display { get; init; }

    /// <summary><c>docker</c> or <c>podman</c>.</summary>
    public required string Runtime { get; init; }

    /// <summary>Path of the Unix socket; null where it is reached otherwise.</summary>
    public string? SocketPath { get; init; }

    /// <summary>Name of the Windows pipe; null where it is reached otherwise.</summary>
    public string? PipeName { get; init; }

    /// <summary>Host and port; null for sockets and pipes.</summary>
    public DnsEndPoint? Host { get; init; }

    /// <summary>Directory of <c>ca.pem</c>, <c>cert.pem</c> and <c>key.pem</c>; null without TLS.</summary>
    public string? CertificateDirectory { get; init; }

    /// <summary>
    /// The address in <c>DOCKER_HOST</c>, else the first socket of the runtime that exists, else its usual one. TLS as the
    /// Docker CLI has it: <c>DOCKER_TLS_VERIFY</c> not empty, files in <c>DOCKER_CERT_PATH</c> (default <c>~/.docker</c>).
    /// </summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: <c>DOCKER_HOST</c> is no address Dewy can use.</exception>
    public static EngineAddress Find(string runtime, IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (Value(environment, "DOCKER_HOST") is { } host)
            return Parse(host, runtime, environment);
        if (OperatingSystem.IsWindows())
            return Pipe(runtime is "podman" ? "podman-machine-default" : "docker_engine", runtime);
        var sockets = Sockets(runtime, environment).ToList();
        return Socket(sockets.FirstOrDefault(Path.Exists) ?? sockets[^1], runtime);
    }

    private static EngineAddress Parse(string text, string runtime, IReadOnlyDictionary<string, string> environment)
    {
        if (text.StartsWith("unix://", StringComparison.Ordinal) && text.Length > 7 && text[7] == '/')
            return Socket(text[7..], runtime);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri))
            throw Invalid(text, "it is no address");
        switch (uri.Scheme)
        {
            case "npipe" when uri.AbsolutePath.LastIndexOf('/') is >= 0 and var slash && slash + 1 < uri.AbsolutePath.Length:
                return Pipe(uri.AbsolutePath[(slash + 1)..], runtime);
            case "tcp" or "http" or "https" when uri.Host.Length > 0:
                var tls = uri.Scheme is "https" || Value(environment, "DOCKER_TLS_VERIFY") is not null;
                var port = text.AsSpan(text.IndexOf("://", StringComparison.Ordinal) + 3).TrimEnd('/').EndsWith($":{uri.Port}") ? uri.Port : tls ? TlsPort : PlainPort;
                return new EngineAddress
                {
                    Display = $"tcp://{uri.Host}:{port}",
                    Runtime = runtime,
                    Host = new DnsEndPoint(uri.IdnHost, port),
                    CertificateDirectory = tls ? Value(environment, "DOCKER_CERT_PATH") ?? Path.Combine(Value(environment, "HOME") ?? "", ".docker") : null,
                };
            case "ssh":
                throw Invalid(text, "Dewy does not speak SSH");
            default:
                throw Invalid(text, $"'{uri.Scheme}' is none of the ways to reach an engine");
        }
    }

    private static EngineAddress Socket(string path, string runtime) => new() { Display = $"unix://{path}", Runtime = runtime, SocketPath = path };

    private static EngineAddress Pipe(string name, string runtime) => new() { Display = $"npipe:////./pipe/{name}", Runtime = runtime, PipeName = name };

    /// <summary>Places of the engine's socket; the last is the one named where there is none.</summary>
    private static IEnumerable<string> Sockets(string runtime, IReadOnlyDictionary<string, string> environment)
    {
        var running = Value(environment, "XDG_RUNTIME_DIR");
        if (runtime is "podman")
        {
            if (running is not null)
                yield return Path.Combine(running, "podman", "podman.sock");
            yield return DefaultPodmanSocket;
            yield break;
        }

        if (File.Exists(DefaultDockerSocket))
            yield return DefaultDockerSocket;
        if (running is not null)
            yield return Path.Combine(running, "docker.sock"); // rootless
        if (Value(environment, "HOME") is { } home)
            yield return Path.Combine(home, ".docker", "run", "docker.sock"); // Docker Desktop
        yield return DefaultDockerSocket;
    }

    private static string? Value(IReadOnlyDictionary<string, string> environment, string name) =>
        environment.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    private static DewyException Invalid(string text, string why) =>
        new(ErrorCode.InvalidOption, $"DOCKER_HOST '{text}' cannot be used: {why}.")
        {
            Target = "DOCKER_HOST",
            NextStep = "Write unix:///path/to/docker.sock, tcp://host:port or npipe:////./pipe/docker_engine, or unset it for the default socket.",
        };
}

using System.Net.Sockets;

namespace Dewy.Quickstart;

/// <summary>A container engine on this very host, which is all the quickstart asks of one.</summary>
internal sealed class EngineSocket : IDisposable
{
    private const string Path = "/var/run/docker.sock";

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri("http://engine/"),
        Timeout = TimeSpan.FromSeconds(10),
    };

    /// <summary>Why there can be no containers here; null where there can.</summary>
    public async Task<string?> FindObstacleAsync(CancellationToken cancellationToken)
    {
        // The containers borrow this host's .NET, so that nothing has to be downloaded for them.
        if (!OperatingSystem.IsLinux())
            return "the engine would run in a machine of its own, without this .NET";
        if (Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 })
            return "DOCKER_HOST names another engine than this host's";
        if (!File.Exists(Path))
            return $"no container engine listens at {Path}";
        try
        {
            using var answer = await _client.GetAsync(new Uri("_ping", UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode ? null : $"the container engine at {Path} answers {(int)answer.StatusCode}";
        }
        catch (HttpRequestException exception)
        {
            return $"the container engine at {Path} does not answer: {exception.Message}";
        }
    }

    /// <summary>Removes an image that the quickstart brought.</summary>
    public async Task RemoveImageAsync(string reference, CancellationToken cancellationToken)
    {
        using var _ = await _client.DeleteAsync(new Uri($"images/{reference}?force=true", UriKind.Relative), cancellationToken);
    }

    public void Dispose() => _client.Dispose();
}

using System.Net;
using System.Net.Sockets;

namespace Dewy.Engine.Replicas;

/// <summary>One connection to a replica and what came of it.</summary>
/// <param name="time">The clock.</param>
/// <param name="ownerOf">Tells who took a connection; null where only the replica can have.</param>
internal sealed class HealthProbe(TimeProvider time, Func<Socket, CancellationToken, Task<AnsweredBy>>? ownerOf = null)
{
    /// <summary>How long a relay takes at most, on a busy machine, to find out that nobody is behind it.</summary>
    private static readonly TimeSpan RelayPatience = TimeSpan.FromMilliseconds(200);

    /// <summary>Asks once, on a connection of its own. Every failure but cancellation is an answer.</summary>
    public Task<HealthAnswer> TryAsync(HealthTarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        return AskAsync(target, ConnectAsync(target.EndPoint, cancellationToken), cancellationToken);
    }

    /// <summary>Asks over several connections that are all made before the first of them is asked.</summary>
    /// <remarks>
    /// The kernel may wake whoever has waited longest first (EPOLLEXCLUSIVE): the newest gets a connection only while all the
    /// others have their hands full, and they have them free again a moment later.
    /// </remarks>
    public IReadOnlyList<Task<HealthAnswer>> TryAtOnce(HealthTarget target, int connections, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var connecting = new Task<Socket>[connections];
        for (var index = 0; index < connections; index++)
            connecting[index] = ConnectAsync(target.EndPoint, cancellationToken);
        return [.. connecting.Select(socket => AskAsync(target, socket, cancellationToken))];
    }

    private async Task<HealthAnswer> AskAsync(HealthTarget target, Task<Socket> connecting, CancellationToken cancellationToken)
    {
        HeldRequestStream? held = null;
        try
        {
            using var socket = await connecting;
            if (target.Path is null)
            {
                return target.IsRelayed && await ClosesAtOnceAsync(socket, cancellationToken)
                    ? new HealthAnswer(false, "the connection was closed at once: nothing listens behind the port mapping")
                    : new HealthAnswer(true, "it accepts connections");
            }

            using var handler = new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
                ActivityHeadersPropagator = null,
                ConnectCallback = (_, _) => new(ownerOf is null
                    ? new NetworkStream(socket, ownsSocket: true)
                    : held = new HeldRequestStream(socket, ownerOf, time, cancellationToken)),
            };
            using var client = new HttpMessageInvoker(handler);
            using var request = new HttpRequestMessage(HttpMethod.Get, target.Url) { Version = HttpVersion.Version11 };
            request.Headers.ConnectionClose = true;
            request.Headers.UserAgent.ParseAdd("dewy-health-check");
            using var response = await client.SendAsync(request, cancellationToken);
            return new HealthAnswer(response.IsSuccessStatusCode, Describe(response), held?.Owner ?? AnsweredBy.Unknown);
        }
        catch (HttpRequestException exception)
        {
            return new HealthAnswer(false, Describe(exception), held?.Owner ?? AnsweredBy.Unknown);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return new HealthAnswer(false, Describe(exception), held?.Owner ?? AnsweredBy.Unknown);
        }
    }

    /// <summary>Whether the other side closes before anything was said; data means that somebody is there.</summary>
    private static async Task<bool> ClosesAtOnceAsync(Socket socket, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        over.CancelAfter(RelayPatience);
        try
        {
            return await socket.ReceiveAsync(new byte[1], over.Token) == 0;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task<Socket> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        var unix = endPoint is UnixDomainSocketEndPoint;
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            if (!unix)
                socket.NoDelay = true;
            await socket.ConnectAsync(endPoint, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Describe(HttpResponseMessage response) =>
        string.IsNullOrEmpty(response.ReasonPhrase) ? $"{(int)response.StatusCode}" : $"{(int)response.StatusCode} {response.ReasonPhrase}";

    private static string Describe(Exception exception) => exception.GetBaseException() switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "connection refused",
        SocketException { SocketErrorCode: SocketError.ConnectionReset } => "connection reset",
        var cause => cause.Message.TrimEnd('.'),
    };
}

using System.Net;
using System.Net.Sockets;

namespace Dewy.Engine.Proxy.Tcp.Sockets;

/// <summary>Moves bytes with the runtime's asynchronous sockets, which every system has.</summary>
internal sealed class SocketTransport : ITcpTransport
{
    /// <inheritdoc/>
    public ValueTask ConnectAsync(Socket socket, IPEndPoint endPoint, CancellationToken cancellationToken) => socket.ConnectAsync(endPoint, cancellationToken);

    /// <inheritdoc/>
    public ITcpRelay Relay(Socket client, Socket backend) => new SocketRelay(client, backend);

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is held between connections.
    }
}

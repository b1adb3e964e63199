using System.Net;
using System.Net.Sockets;

namespace Dewy.Engine.Proxy.Tcp;

/// <summary>How a TCP port moves bytes. It is disposed after the last relay has ended.</summary>
internal interface ITcpTransport : IDisposable
{
    /// <summary>Connects a socket that is to be given to <see cref="Relay"/>.</summary>
    /// <exception cref="SocketException">It could not be connected.</exception>
    ValueTask ConnectAsync(Socket socket, IPEndPoint endPoint, CancellationToken cancellationToken);

    /// <summary>Passes bytes between two sockets from when it is run, and closes both in the end.</summary>
    ITcpRelay Relay(Socket client, Socket backend);
}

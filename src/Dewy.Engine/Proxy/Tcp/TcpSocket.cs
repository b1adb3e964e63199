using System.Net.Sockets;

namespace Dewy.Engine.Proxy.Tcp;

/// <summary>What both sockets of a proxied connection need.</summary>
internal static class TcpSocket
{
    /// <summary>Silence after which a peer is asked whether it is still there, in seconds.</summary>
    private const int KeepAliveSeconds = 60;

    /// <summary>
    /// Sends at once what is to be sent. Without an idle time-out, a peer that vanished without a word would be kept for ever:
    /// then the kernel asks.
    /// </summary>
    public static void Tune(Socket socket, TimeSpan idleTimeout)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (socket.AddressFamily == AddressFamily.Unix)
            return;
        try
        {
            socket.NoDelay = true;
            if (idleTimeout > TimeSpan.Zero)
                return;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        }
        catch (SocketException)
        {
            // It is gone already: whoever reads from it will be told.
        }
    }
}

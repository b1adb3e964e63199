using System.Net.Sockets;

namespace Dewy.Engine.Proxy.Tcp;

/// <summary>What both sockets of a proxied connection need.</summary>
internal static class TcpSocket
{
    /// <summary>Silence after which a peer is asked whether it is still there, in seconds.</summary>
    private const int KeepAliveSeconds = 60;

    private static readonly LingerOption Reset = new(enable: true, seconds: 0);

    /// <summary>
    /// Sends at once what is to be sent, and keeps a byte sent as urgent in its place among the others instead of losing it
    /// (RFC 6093, section 3.4). Without an idle time-out, a peer that vanished without a word would be kept for ever: then the
    /// kernel asks.
    /// </summary>
    public static void Tune(Socket socket, TimeSpan idleTimeout)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (socket.AddressFamily == AddressFamily.Unix)
            return;
        try
        {
            socket.NoDelay = true;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.OutOfBandInline, true);
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

    /// <summary>Closes it as fits how its connection has ended.</summary>
    public static void Close(Socket socket, TcpOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(socket);
        try
        {
            // To dispose a socket that is being received from would be a reset.
            if (outcome == TcpOutcome.Idle)
                socket.Shutdown(SocketShutdown.Both);
            else if (outcome != TcpOutcome.Completed)
                socket.LingerState = Reset;
        }
        catch (SocketException)
        {
            // It is gone already.
        }
        catch (ObjectDisposedException)
        {
            // The one who was to have it passed on gave up before it began.
        }

        socket.Dispose();
    }
}

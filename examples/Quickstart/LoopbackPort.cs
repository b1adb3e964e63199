using System.Net;
using System.Net.Sockets;

namespace Dewy.Quickstart;

/// <summary>Finds a port for the application.</summary>
internal static class LoopbackPort
{
    /// <summary>One that nobody listened on a moment ago.</summary>
    public static int Find()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)(probe.LocalEndPoint ?? throw new InvalidOperationException("A bound socket has an address."))).Port;
    }
}

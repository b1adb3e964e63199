using System.Net;
using System.Net.Sockets;

namespace Dewy.Engine.Processes;

/// <summary>Finds loopback ports that are free. Nothing can keep them for the program that is about to bind them; who listens there is checked before it gets requests.</summary>
internal static class LoopbackPorts
{
    /// <summary>So many different ones, none of which is in use now.</summary>
    /// <param name="count">How many.</param>
    /// <param name="promised">Ports of other replicas, which may not listen yet.</param>
    public static IReadOnlyList<int> Find(int count, IReadOnlySet<int> promised)
    {
        var held = new List<Socket>();
        try
        {
            var ports = new List<int>();
            while (ports.Count < count)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                held.Add(socket); // until all are found: the same one is not offered twice
                socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                if (socket.LocalEndPoint is IPEndPoint { Port: var port } && !promised.Contains(port))
                    ports.Add(port);
            }

            return ports;
        }
        finally
        {
            foreach (var socket in held)
                socket.Dispose();
        }
    }
}

using System.Net;
using System.Net.Sockets;

namespace Dewy.EndToEnd.Tests.Hosting;

/// <summary>
/// Finds a port to listen on. Not one the system would give out: between finding and binding, the clients of other tests
/// could be given the same one for a connection of theirs.
/// </summary>
internal static class FreePort
{
    private const int Lowest = 15_000;
    private const int BelowEphemeral = 32_000; // net.ipv4.ip_local_port_range begins at 32768

    public static int Find()
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var port = Random.Shared.Next(Lowest, BelowEphemeral);
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken.
            }
        }

        throw new InvalidOperationException("No free port was found.");
    }
}

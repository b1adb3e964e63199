using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Dewy.Engine.Processes;

/// <summary>The kernel's table of TCP connections, <c>/proc/net/tcp</c> and <c>tcp6</c> (proc_net_tcp.txt of the Linux documentation).</summary>
internal static class SocketTable
{
    private const int LocalColumn = 1;
    private const int RemoteColumn = 2;
    private const int InodeColumn = 9;

    /// <summary>
    /// Inode of the socket at one end of a connection: 0 while it waits to be accepted (or is closed already), null where
    /// the table does not have it.
    /// </summary>
    /// <param name="local">Address of the end that is looked for.</param>
    /// <param name="remote">Address of its peer.</param>
    /// <exception cref="IOException">There is no such table.</exception>
    public static ulong? FindInode(IPEndPoint local, IPEndPoint remote) => local.AddressFamily == AddressFamily.InterNetwork
        ? FindInode("/proc/net/tcp", local, remote) ?? FindInode("/proc/net/tcp6", Mapped(local), Mapped(remote))
        : FindInode("/proc/net/tcp6", local, remote);

    private static ulong? FindInode(string table, IPEndPoint local, IPEndPoint remote)
    {
        if (!File.Exists(table))
            return null;
        var from = Format(local);
        var to = Format(remote);
        foreach (var line in File.ReadLines(table))
        {
            if (!line.Contains(to, StringComparison.Ordinal))
                continue;
            var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length > InodeColumn && columns[LocalColumn].Equals(from, StringComparison.Ordinal) && columns[RemoteColumn].Equals(to, StringComparison.Ordinal))
                return ulong.Parse(columns[InodeColumn], CultureInfo.InvariantCulture);
        }

        return null;
    }

    private static IPEndPoint Mapped(IPEndPoint endPoint) => new(endPoint.Address.MapToIPv6(), endPoint.Port);

    /// <summary>As the kernel prints it: 32-bit words of the address in the machine's byte order, then the port.</summary>
    private static string Format(IPEndPoint endPoint)
    {
        var bytes = endPoint.Address.GetAddressBytes();
        var words = Enumerable.Range(0, bytes.Length / 4).Select(word => BitConverter.ToUInt32(bytes, word * 4).ToString("X8", CultureInfo.InvariantCulture));
        return $"{string.Concat(words)}:{endPoint.Port:X4}";
    }
}

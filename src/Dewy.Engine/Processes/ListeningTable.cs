using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Dewy.Engine.Processes;

/// <summary>
/// The kernel's tables of listening sockets, as one process's network namespace shows them. Linux only; proc(5) and
/// <c>Documentation/networking/proc_net_tcp</c>.
/// </summary>
internal static class ListeningTable
{
    private const string TcpListening = "0A";
    private const uint UnixListening = 0x10000; // __SO_ACCEPTCON

    /// <summary>Inodes of the sockets that listen on this address, or on all addresses of its family.</summary>
    /// <param name="process">Process id, or <c>self</c>.</param>
    /// <param name="address">A port or a path.</param>
    public static IReadOnlySet<ulong> Find(string process, ListenAddress address)
    {
        if (!OperatingSystem.IsLinux())
            return new HashSet<ulong>();
        if (address.Path is { } path)
            return Rows($"/proc/{process}/net/unix").Select(row => UnixRow(row, path)).OfType<ulong>().ToHashSet();
        return TcpRows(process, new IPEndPoint(ListenAddressParser.BindAddress(address), address.Port ?? 0)).Select(row => row.Inode).ToHashSet();
    }

    /// <summary>How many connections to a listening address wait to be accepted. 0 where this host does not say.</summary>
    public static long CountWaiting(EndPoint address) =>
        OperatingSystem.IsLinux() && address is IPEndPoint wanted ? TcpRows("self", wanted).Sum(row => row.Waiting) : 0;

    private static IEnumerable<(ulong Inode, long Waiting)> TcpRows(string process, IPEndPoint wanted) =>
        Rows($"/proc/{process}/net/tcp").Concat(Rows($"/proc/{process}/net/tcp6")).Select(row => TcpRow(row, wanted)).OfType<(ulong, long)>();

    private static IEnumerable<string> Rows(string file)
    {
        try
        {
            return File.ReadAllLines(file).Skip(1);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // "0: 0100007F:1F40 00000000:0000 0A 00000000:00000003 … inode": addresses in words of the host's byte order; of a
    // listening socket the second queue is that of connections nobody has accepted yet.
    private static (ulong Inode, long Waiting)? TcpRow(string row, IPEndPoint wanted)
    {
        var fields = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 10 || fields[3] is not TcpListening)
            return null;
        var colon = fields[1].IndexOf(':', StringComparison.Ordinal);
        if (int.Parse(fields[1].AsSpan(colon + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture) != wanted.Port)
            return null;
        var bytes = Convert.FromHexString(fields[1].AsSpan(0, colon));
        if (BitConverter.IsLittleEndian)
        {
            for (var word = 0; word < bytes.Length; word += 4)
                bytes.AsSpan(word, 4).Reverse();
        }

        if (!Covers(new IPAddress(bytes), wanted.Address))
            return null;
        var queues = fields[4];
        return (ulong.Parse(fields[9]), long.Parse(queues.AsSpan(queues.IndexOf(':', StringComparison.Ordinal) + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    // A socket on all IPv6 addresses may serve IPv4 as well.
    private static bool Covers(IPAddress listening, IPAddress wanted) =>
        listening.Equals(wanted)
        || listening.Equals(IPAddress.IPv6Any)
        || (wanted.AddressFamily == AddressFamily.InterNetwork && (listening.Equals(IPAddress.Any) || (wanted.Equals(IPAddress.Any) && listening.AddressFamily == AddressFamily.InterNetwork)))
        || (wanted.Equals(IPAddress.IPv6Any) && listening.AddressFamily == AddressFamily.InterNetworkV6);

    // "Num RefCount Protocol Flags Type St Inode Path"
    private static ulong? UnixRow(string row, string path)
    {
        var fields = row.Split(' ', 8, StringSplitOptions.RemoveEmptyEntries);
        return fields.Length == 8 && string.Equals(fields[7], path, StringComparison.Ordinal)
            && (uint.Parse(fields[3], NumberStyles.HexNumber, CultureInfo.InvariantCulture) & UnixListening) != 0
            ? ulong.Parse(fields[6])
            : null;
    }
}

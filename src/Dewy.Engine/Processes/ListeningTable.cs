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
        var wanted = new IPEndPoint(ListenAddressParser.BindAddress(address), address.Port ?? 0);
        return Rows($"/proc/{process}/net/tcp").Concat(Rows($"/proc/{process}/net/tcp6"))
            .Select(row => TcpRow(row, wanted)).OfType<ulong>().ToHashSet();
    }

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

    // "0: 0100007F:1F40 00000000:0000 0A … inode": addresses in words of the host's byte order.
    private static ulong? TcpRow(string row, IPEndPoint wanted)
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

        return Covers(new IPAddress(bytes), wanted.Address) ? ulong.Parse(fields[9]) : null;
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

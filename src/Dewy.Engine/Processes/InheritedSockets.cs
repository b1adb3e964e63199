using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Dewy.Engine.Processes;

/// <summary>
/// Listening sockets that were handed to the agent itself by socket activation (sd_listen_fds(3)): so that an agent that is
/// restarted refuses no connection. These are copies: the descriptors themselves stay open as long as the process, for other
/// applications in it and for an agent that is started again. Owns those that nobody takes.
/// </summary>
internal sealed class InheritedSockets : IDisposable
{
    private const int FirstDescriptor = 3;

    private readonly List<Socket> _sockets;

    private InheritedSockets(List<Socket> sockets) => _sockets = sockets;

    /// <summary>How many have not been taken.</summary>
    public int Count => _sockets.Count;

    /// <summary>The sockets that an environment says are this process's; none where it speaks of another process.</summary>
    public static InheritedSockets FromEnvironment(IReadOnlyDictionary<string, string> environment, int processId)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (OperatingSystem.IsWindows()
            || Number(environment, "LISTEN_PID") != processId
            || Number(environment, "LISTEN_FDS") is not (> 0 and <= ListenAddressParser.MostSockets and var count))
        {
            return new InheritedSockets([]);
        }

        return FromDescriptors(FirstDescriptor, count);
    }

    /// <summary>Copies descriptors in a row; those that are no listening stream sockets are left out.</summary>
    public static InheritedSockets FromDescriptors(int first, int count) =>
        new([.. Enumerable.Range(first, count).Select(Copy).OfType<Socket>()]);

    /// <summary>The addresses of those not taken yet, for a command that names no ports: ports first, then paths.</summary>
    public IReadOnlyList<ListenAddress> Addresses =>
        [.. _sockets.Select(AddressOf).OfType<ListenAddress>().OrderBy(address => address.Path is not null)];

    /// <summary>Hands out the socket bound to this address; null where none is.</summary>
    public ListeningSocket? Take(ListenAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var socket = _sockets.Find(candidate => Fits(candidate, address));
        if (socket is null)
            return null;
        _sockets.Remove(socket);
        return ListeningSocket.Adopt(address, socket);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var socket in _sockets)
            socket.Dispose();
        _sockets.Clear();
    }

    private static int? Number(IReadOnlyDictionary<string, string> environment, string name) =>
        environment.TryGetValue(name, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static Socket? Copy(int descriptor)
    {
        if (Libc.KeepFromChildren(descriptor) != 0 || Libc.DuplicateAbove(descriptor, FirstDescriptor) is not (>= 0 and var copy))
            return null; // no such descriptor
        var handle = new SafeSocketHandle(copy, ownsHandle: true);
        try
        {
            var socket = new Socket(handle);
            if (socket.SocketType == SocketType.Stream && socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection) is not 0)
                return socket;
        }
        catch (SocketException)
        {
            // Not a socket: a FIFO or a queue, which systemd hands over in the same way.
        }

        handle.Dispose();
        return null;
    }

    private static bool Fits(Socket socket, ListenAddress address)
    {
        if (address.Path is { } path)
            return string.Equals(PathOf(socket), path, StringComparison.Ordinal);
        if (socket.LocalEndPoint is not IPEndPoint local || local.Port != address.Port)
            return false;
        var wanted = ListenAddressParser.BindAddress(address);

        // systemd binds a bare port to all IPv6 addresses, IPv4 included.
        return local.Address.Equals(wanted)
            || (wanted.Equals(IPAddress.Any) && local.Address.Equals(IPAddress.IPv6Any) && socket.DualMode);
    }

    private static ListenAddress? AddressOf(Socket socket) => socket.LocalEndPoint switch
    {
        IPEndPoint { Address: var any, Port: var port } when any.Equals(IPAddress.Any) || (any.Equals(IPAddress.IPv6Any) && socket.DualMode) =>
            new ListenAddress($"{port}", Host: null, port, Path: null),
        IPEndPoint { AddressFamily: AddressFamily.InterNetworkV6 } local => new ListenAddress($"[{local.Address}]:{local.Port}", $"{local.Address}", local.Port, Path: null),
        IPEndPoint local => new ListenAddress($"{local.Address}:{local.Port}", $"{local.Address}", local.Port, Path: null),
        _ => PathOf(socket) is { } path ? new ListenAddress(path, Host: null, Port: null, path) : null,
    };

    private static string? PathOf(Socket socket) =>
        socket.AddressFamily == AddressFamily.Unix && socket.LocalEndPoint?.ToString() is ['/', ..] path ? path : null;
}

using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Dewy.Engine.Processes;

/// <summary>
/// A socket that listens. Handed to a program, the agent itself never accepts from it: every generation inherits it, so that
/// connections wait in its queue while versions change and none is refused. The proxy accepts from its own.
/// </summary>
internal sealed class ListeningSocket : IDisposable
{
    /// <summary>Connections that may wait for a program; the kernel lowers it to its own limit (net.core.somaxconn).</summary>
    public const int Backlog = 4096;

    private readonly Socket _socket;
    private bool _keepFile;

    private ListeningSocket(ListenAddress address, Socket socket, bool inherited)
    {
        _socket = socket;
        Address = address;
        IsInherited = inherited;
        _keepFile = inherited;
    }

    /// <summary>Where it listens; a port 0 has been replaced by the one it got, in <see cref="ListenAddress.Spec"/> too.</summary>
    public ListenAddress Address { get; }

    /// <summary>To be given to <see cref="ProcessStart.Sockets"/>.</summary>
    public SafeHandle Handle => _socket.SafeHandle;

    /// <summary>The socket itself, for the one who accepts from it; it stays this object's to close.</summary>
    public Socket Socket => _socket;

    /// <summary>Where to connect for a health check: loopback where it listens on all addresses.</summary>
    public EndPoint ConnectEndPoint => LocalEndPoint switch
    {
        IPEndPoint { Address: var any, Port: var port } when any.Equals(IPAddress.Any) => new IPEndPoint(IPAddress.Loopback, port),
        IPEndPoint { Address: var any, Port: var port } when any.Equals(IPAddress.IPv6Any) => new IPEndPoint(IPAddress.IPv6Loopback, port),
        var endPoint => endPoint,
    };

    /// <summary>Whether it was bound by somebody else: by systemd, or by an agent that ran before this one.</summary>
    public bool IsInherited { get; }

    private EndPoint LocalEndPoint => Address.Path is { } path
        ? new UnixDomainSocketEndPoint(path)
        : _socket.LocalEndPoint ?? throw new InvalidOperationException("A bound socket has a local end point.");

    /// <summary>Binds and listens.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.PortInUse"/> with the process that holds the address where it can be found, or <see cref="ErrorCode.StartFailed"/>.</exception>
    public static ListeningSocket Open(ListenAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var socket = Create(address);
        try
        {
            if (address.Path is { } path)
            {
                StaleSocketFile.Remove(path);
                socket.Bind(new UnixPathEndPoint(path));
            }
            else
            {
                socket.Bind(new IPEndPoint(ListenAddressParser.BindAddress(address), address.Port ?? 0));
            }

            socket.Listen(Backlog);
            return new ListeningSocket(WithActualPort(address, socket), socket, inherited: false);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw BindFailure.Explain(address, exception);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Binds a TCP address for a moment, without listening, to find out whether that would do.</summary>
    /// <inheritdoc cref="Open"/>
    public static void TryBind(ListenAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        using var socket = Create(address);
        try
        {
            socket.Bind(new IPEndPoint(ListenAddressParser.BindAddress(address), address.Port ?? 0));
        }
        catch (SocketException exception)
        {
            throw BindFailure.Explain(address, exception);
        }
    }

    /// <summary>Takes over a descriptor that somebody else bound to this address; owns it from now on.</summary>
    public static ListeningSocket Adopt(ListenAddress address, Socket socket) => new(address, socket, inherited: true);

    /// <inheritdoc cref="SocketTakeover.TryTake"/>
    public static ListeningSocket? TryTakeFrom(int processId, ListenAddress address) => SocketTakeover.TryTake(processId, address);

    /// <summary>Leaves a Unix-domain socket's file where it is when this is disposed, for the program that goes on with it.</summary>
    public void KeepFile() => _keepFile = true;

    /// <summary>Removes a Unix-domain socket's file when this is disposed, as is right once nobody serves it any more.</summary>
    public void RemoveFile() => _keepFile = false;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_keepFile && Address.Path is { } path)
            File.Delete(path);
        _socket.Dispose();
    }

    private static Socket Create(ListenAddress address)
    {
        if (address.Path is not null)
            return new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var family = ListenAddressParser.BindAddress(address).AddressFamily;
        var socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp);

        // The runtime binds TCP with SO_REUSEADDR by itself. Its ReuseAddress option would set SO_REUSEPORT as well, and two
        // agents could share a port without noticing.
        if (family == AddressFamily.InterNetworkV6)
            socket.DualMode = false;
        return socket;
    }

    private static ListenAddress WithActualPort(ListenAddress address, Socket socket) =>
        address.Port == 0 && socket.LocalEndPoint is IPEndPoint { Port: var port }
            ? address with { Port = port, Spec = $"{address.Spec[..^1]}{port}" }
            : address;
}

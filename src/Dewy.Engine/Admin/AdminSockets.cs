using System.Net;
using System.Net.Sockets;
using Dewy.Engine.Processes;

namespace Dewy.Engine.Admin;

/// <summary>
/// The bound and listening sockets of the admin API. Bound here rather than by the server: a port counts as free only when
/// both loopback addresses are, or a client that tries the other one first would reach, and show its token to, somebody else.
/// </summary>
internal sealed class AdminSockets : IDisposable
{
    /// <summary>Ports tried: the one asked for and the nine after it (compat).</summary>
    public const int Attempts = 10;

    private const int Backlog = 64;

    private readonly List<Socket> _sockets;

    private AdminSockets(List<Socket> sockets) => _sockets = sockets;

    public IReadOnlyList<Socket> All => _sockets;

    /// <summary>Where to ask; null behind a Unix socket.</summary>
    public Uri? Url { get; private init; }

    /// <summary>Path of the Unix socket; null on a port.</summary>
    public string? Path { get; private init; }

    /// <summary>The URL or the path, for people.</summary>
    public string Address => Url?.ToString() ?? Path ?? "";

    /// <exception cref="DewyException"><see cref="ErrorCode.PortInUse"/>, or the socket's path cannot be used.</exception>
    public static AdminSockets Open(AdminOptions options) =>
        options.SocketPath is { } path ? OpenPath(path) : OpenPort(options.Port);

    public void Dispose()
    {
        foreach (var socket in _sockets)
            socket.Dispose();
    }

    private static AdminSockets OpenPort(int first)
    {
        SocketException? last = null;
        for (var port = first; port < first + Attempts && port <= IPEndPoint.MaxPort; port++)
        {
            try
            {
                return new AdminSockets(Listen(port)) { Url = new Uri($"http://127.0.0.1:{port}/") };
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                last = exception; // Windows denies ports it has set aside for others
            }
        }

        throw new DewyException(ErrorCode.PortInUse, $"None of the ports {first} to {Math.Min(first + Attempts - 1, IPEndPoint.MaxPort)} is free on the loopback addresses.", last)
        {
            Target = $"127.0.0.1:{first}",
            NextStep = "Give another --admin-port, or 0 for none.",
        };
    }

    private static List<Socket> Listen(int port)
    {
        List<Socket> sockets = [];
        try
        {
            sockets.Add(Bind(new IPEndPoint(IPAddress.Loopback, port)));
            if (Socket.OSSupportsIPv6 && TryBindIPv6(port) is { } other)
                sockets.Add(other);
            return sockets;
        }
        catch
        {
            foreach (var socket in sockets)
                socket.Dispose();
            throw;
        }
    }

    private static Socket? TryBindIPv6(int port)
    {
        try
        {
            return Bind(new IPEndPoint(IPAddress.IPv6Loopback, port));
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
        {
            return null; // a kernel with IPv6 and no ::1, as containers often have it
        }
    }

    private static Socket Bind(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (OperatingSystem.IsWindows())
                socket.ExclusiveAddressUse = true;
            socket.Bind(endPoint);

            // At once: two sockets that are only bound may share a port, and the later one to listen would fail then.
            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static AdminSockets OpenPath(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            StaleSocketFile.Remove(path);
            socket.Bind(new UnixDomainSocketEndPoint(path));

            // Nobody can connect before it listens, so nobody else ever can.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen(Backlog);
            return new AdminSockets([socket]) { Path = path };
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            socket.Dispose();
            throw new DewyException(ErrorCode.InvalidOption, $"Cannot listen on {path}: {exception.Message}", exception)
            {
                Target = path,
                NextStep = "Give a path of at most about 100 bytes in a directory the agent can write with --admin-port.",
            };
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

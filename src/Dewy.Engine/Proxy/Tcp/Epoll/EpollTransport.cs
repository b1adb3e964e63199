using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Dewy.Engine.Proxy.Tcp.Epoll;

/// <summary>
/// Moves bytes on threads of its own that wait for all connections at once. The sockets are unknown to the runtime's own
/// event thread, which would be woken for every piece besides.
/// </summary>
internal sealed class EpollTransport : ITcpTransport
{
    /// <summary>One passes on some sixty thousand messages a second, or gigabytes: more than a few only take turns with what they serve.</summary>
    private const int MostLoops = 4;

    private readonly EventLoop[] _loops;
    private uint _next;

    private EpollTransport(EventLoop[] loops) => _loops = loops;

    /// <summary>Starts its threads; null where the system is another, or does not allow it.</summary>
    /// <param name="pipes">The most pipes each thread may use.</param>
    public static EpollTransport? TryOpen(int pipes = PipePool.MostPipes)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var loops = new List<EventLoop>();
        while (loops.Count < Math.Min(Environment.ProcessorCount, MostLoops) && EventLoop.TryStart(pipes) is { } loop)
            loops.Add(loop);
        return loops.Count > 0 ? new EpollTransport([.. loops]) : null;
    }

    /// <inheritdoc/>
    public async ValueTask ConnectAsync(Socket socket, IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(endPoint);
        cancellationToken.ThrowIfCancellationRequested();
        socket.Blocking = false;
        var descriptor = Descriptor(socket);
        var error = Begin(descriptor, endPoint.Serialize().Buffer.Span);
        if (error == EpollCalls.InProgress)
        {
            // On one host it has been done by now.
            if (!EpollCalls.IsWritable(descriptor))
                await new Connecting(Next(), descriptor).RunAsync(cancellationToken);
            error = (int)(socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) ?? 0);
            if (error != 0)
                throw new SocketException(error);
        }
        else if (error != 0)
        {
            throw new SocketException((int)Meaning(error), Marshal.GetPInvokeErrorMessage(error));
        }
    }

    /// <inheritdoc/>
    public ITcpRelay Relay(Socket client, Socket backend)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(backend);
        client.Blocking = false;
        backend.Blocking = false;
        return new EpollRelay(Next(), client, backend);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var loop in _loops)
            loop.Dispose();
    }

    private static int Descriptor(Socket socket) => (int)socket.SafeHandle.DangerousGetHandle();

    /// <returns>0, or the error.</returns>
    private static unsafe int Begin(int descriptor, ReadOnlySpan<byte> address)
    {
        fixed (byte* bytes = address)
            return EpollCalls.Connect(descriptor, bytes, (uint)address.Length) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    private static SocketError Meaning(int error) => error switch
    {
        99 => SocketError.AddressNotAvailable,    // EADDRNOTAVAIL
        101 => SocketError.NetworkUnreachable,    // ENETUNREACH
        105 => SocketError.NoBufferSpaceAvailable, // ENOBUFS
        111 => SocketError.ConnectionRefused,     // ECONNREFUSED
        113 => SocketError.HostUnreachable,       // EHOSTUNREACH
        _ => SocketError.SocketError,
    };

    private EventLoop Next() => _loops[Interlocked.Increment(ref _next) % (uint)_loops.Length];
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Dewy.Engine.Tests.Proxy.Tcp;

/// <summary>An application that speaks plain TCP, on a free loopback port. What it does with a connection is given; the connection is closed after.</summary>
internal sealed class TcpBackend : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<Socket, Task> _serving = new();
    private readonly Func<Socket, Task> _serve;
    private readonly Task _accepting;
    private int _accepted;

    public TcpBackend(Func<Socket, Task> serve)
    {
        _serve = serve;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(4096);
        EndPoint = (IPEndPoint?)_listener.LocalEndPoint ?? throw new InvalidOperationException("A bound socket has an address.");
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Connections it got so far, those of health checks included.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>One that sends back what it gets.</summary>
    public static TcpBackend Echo() => new(EchoAsync);

    /// <summary>One that says its name to everybody who says something, and then waits for the end.</summary>
    public static TcpBackend Named(string name) => new(async socket =>
    {
        var buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer) > 0)
            await socket.SendAsync(System.Text.Encoding.Latin1.GetBytes(name));
    });

    /// <summary>An address where nobody listens.</summary>
    public static IPEndPoint Nobody()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint?)socket.LocalEndPoint ?? throw new InvalidOperationException("A bound socket has an address.");
    }

    /// <summary>Closes with a reset instead of an end.</summary>
    public static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        foreach (var (socket, serving) in _serving)
        {
            socket.Dispose();
            await serving;
        }
    }

    private static async Task EchoAsync(Socket socket)
    {
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await socket.ReceiveAsync(buffer)) > 0)
            await socket.SendAsync(buffer.AsMemory(0, count));
        socket.Shutdown(SocketShutdown.Send);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync();
                Interlocked.Increment(ref _accepted);
                _serving[socket] = Task.Run(() => ServeAsync(socket));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It was disposed.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            await _serve(socket);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The other side went away; tests see that for themselves.
        }
        finally
        {
            socket.Dispose();
            _serving.TryRemove(socket, out _);
        }
    }
}

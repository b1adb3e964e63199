using System.Collections.Concurrent;
using System.Net.Sockets;
using Dewy.Tests;

namespace Dewy.Engine.Tests.Containers;

/// <summary>A socket that leads to the real engine's, and can be cut: to an agent that is an engine that restarts.</summary>
internal sealed class EngineRelay : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ConcurrentBag<Socket> _open = [];
    private readonly CancellationTokenSource _end = new();
    private Socket? _listener;

    public EngineRelay() => Restore();

    public string Address => $"unix://{Path}";

    private string Path => _directory.Combine("engine.sock");

    public void Restore()
    {
        File.Delete(Path);
        _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen();
        _ = AcceptAsync(_listener);
    }

    public void Cut()
    {
        _listener?.Dispose();
        while (_open.TryTake(out var socket))
            socket.Dispose();
    }

    public void Dispose()
    {
        _end.Cancel();
        Cut();
        _directory.Dispose();
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync(_end.Token);
                var engine = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await engine.ConnectAsync(new UnixDomainSocketEndPoint("/var/run/docker.sock"), _end.Token);
                _open.Add(client);
                _open.Add(engine);
                _ = CopyAsync(client, engine);
                _ = CopyAsync(engine, client);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Cut.
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        try
        {
            var buffer = new byte[64 << 10];
            while (await from.ReceiveAsync(buffer, _end.Token) is > 0 and var count)
                await to.SendAsync(buffer.AsMemory(0, count), _end.Token);
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Cut.
        }
    }
}

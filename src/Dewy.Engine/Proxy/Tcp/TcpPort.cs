using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Dewy.Engine.Proxy.Tcp;

/// <summary>Accepts connections, as many at once as there are slots, and owns them until they have ended.</summary>
internal sealed class TcpPort(PortContext port, ITcpTransport transport) : IAsyncDisposable
{
    /// <summary>How long no connection is accepted after there was no descriptor or memory for one.</summary>
    private static readonly TimeSpan ShortagePause = TimeSpan.FromMilliseconds(200);

    /// <summary>Looks at all connections within one idle time-out, which may be late by one of them, and the longest time between two.</summary>
    private const int LooksPerTimeout = 10;

    /// <inheritdoc cref="LooksPerTimeout"/>
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<TcpConnection, Task> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _cut = new();
    private Task _accepting = Task.CompletedTask;
    private Task _looking = Task.CompletedTask;

    /// <summary>Accepts from now on.</summary>
    public void Start()
    {
        _accepting = AcceptAsync();
        if (port.Options.IdleTimeout > TimeSpan.Zero)
            _looking = EndIdleAsync(port.Options.IdleTimeout);
    }

    /// <summary>Stops accepting at once; returns when the last connection has ended, or when <paramref name="limit"/> is cancelled and those left were cut.</summary>
    public Task StopAsync(CancellationToken limit)
    {
        // At once, before anything is waited for. The file of a Unix-domain socket stays its owner's.
        _stopping.Cancel();
        port.Listening.Socket.Dispose();
        return EndConnectionsAsync(limit);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true));
        await _looking;
        _stopping.Dispose();
        _cut.Dispose();
    }

    private async Task EndConnectionsAsync(CancellationToken limit)
    {
        await _accepting;
        await using var registration = limit.UnsafeRegister(static cut => ((CancellationTokenSource?)cut)?.Cancel(), _cut);
        await Task.WhenAll(_connections.Values);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await port.Slots.TakeAsync(_stopping.Token);
                Socket? client = null;
                try
                {
                    client = await AcceptOneAsync();
                }
                finally
                {
                    if (client is null)
                        port.Slots.Return();
                }

                if (client is not null)
                    Serve(client);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Nobody is accepted any more.
        }
    }

    /// <returns>Null where the one to be accepted had gone, or there was nothing to accept it with.</returns>
    private async Task<Socket?> AcceptOneAsync()
    {
        try
        {
            return await port.Listening.Socket.AcceptAsync(_stopping.Token);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            _stopping.Token.ThrowIfCancellationRequested();
            if (exception is SocketException { SocketErrorCode: not (SocketError.ConnectionReset or SocketError.ConnectionAborted) })
                await Task.Delay(ShortagePause, port.Time, _stopping.Token);
            return null;
        }
    }

    private void Serve(Socket client)
    {
        port.Slots.Connected();
        var connection = new TcpConnection(port, transport, client);
        var serving = ServeAsync(connection);
        _connections[connection] = serving;
        if (serving.IsCompleted)
            _connections.TryRemove(connection, out _);
    }

    private async Task ServeAsync(TcpConnection connection)
    {
        try
        {
            await connection.RunAsync(_cut.Token);
        }
        finally
        {
            _connections.TryRemove(connection, out _);
        }
    }

    private async Task EndIdleAsync(TimeSpan timeout)
    {
        using var looks = new PeriodicTimer(timeout / LooksPerTimeout < LongestLook ? timeout / LooksPerTimeout : LongestLook, port.Time);
        try
        {
            while (await looks.WaitForNextTickAsync(_cut.Token))
            {
                foreach (var (connection, _) in _connections)
                    connection.EndIfIdle(port.Time, timeout);
            }
        }
        catch (OperationCanceledException) when (_cut.IsCancellationRequested)
        {
            // Whatever was left has been cut.
        }
    }
}

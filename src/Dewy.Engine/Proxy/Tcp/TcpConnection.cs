using System.Net.Sockets;
using Dewy.Engine.Proxy.Backends;

namespace Dewy.Engine.Proxy.Tcp;

/// <summary>One client of a TCP port: finds it a backend and passes bytes between the two.</summary>
internal sealed class TcpConnection(PortContext port, ITcpTransport transport, Socket client)
{
    /// <summary>Backends tried for one connection. Each that refuses leaves the rotation, so that more than a few are rare.</summary>
    private const int MostAttempts = 10;

    private const string Protocol = "TCP";

    private ITcpRelay? _relay;

    /// <summary>Runs until the connection is closed on both sides, and gives its slot back.</summary>
    /// <param name="cut">Cuts it.</param>
    public async Task RunAsync(CancellationToken cut)
    {
        var started = port.Time.GetTimestamp();
        port.Totals.Begin();
        port.Observer?.Connected(port.Index);
        var outcome = TcpOutcome.Unavailable;
        Backend? backend = null;
        try
        {
            var (claimed, server) = await ConnectAsync(cut);
            backend = claimed;
            if (claimed is not null && server is not null)
                outcome = await RelayAsync(claimed, server, cut);
        }
        catch (OperationCanceledException) when (cut.IsCancellationRequested)
        {
            outcome = TcpOutcome.Cut;
        }
        finally
        {
            // Without a backend there is nothing that would be an answer: what the client sent unread turns this into a reset.
            client.Dispose();
            var failed = outcome is TcpOutcome.BrokenByBackend or TcpOutcome.Cut or TcpOutcome.Unavailable;
            port.Totals.End(failed);
            if (failed)
                backend?.CountFailure();
            if (backend is not null)
                BackendSet.Release(backend);
            port.Slots.Disconnected();
            var lasted = port.Time.GetElapsedTime(started);
            port.Observer?.Ended(new ProxyExchange(port.Index, Protocol, Protocol, Status: 0, failed, backend?.Name, lasted));
            port.Observer?.Disconnected(port.Index, lasted, _relay?.Bytes ?? 0);
        }
    }

    /// <inheritdoc cref="ITcpRelay.EndIfIdle"/>
    public void EndIfIdle(TimeProvider time, TimeSpan limit) => Volatile.Read(ref _relay)?.EndIfIdle(time, limit);

    /// <returns>The backend, claimed, and the connection to it; of neither where none could be had.</returns>
    private async Task<(Backend? Backend, Socket? Server)> ConnectAsync(CancellationToken cut)
    {
        Backend? avoid = null;
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            if (await port.Backends.ClaimAsync(token: null, avoid, cut) is not { } backend)
                break;
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cut, backend.Farewell.Ended);
                return (backend, await backend[port.Index].ConnectAsync(transport.ConnectAsync, limit.Token));
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                BackendSet.Release(backend);
                cut.ThrowIfCancellationRequested();
                avoid = backend;
                if (exception is not SocketException failure)
                    continue;
                if (SocketFailure.IsOurs(failure))
                    break;
                backend.CountFailure();
                port.Backends.ReportUnreachable(backend, SocketFailure.Describe(failure));
            }
        }

        return (null, null);
    }

    private async Task<TcpOutcome> RelayAsync(Backend backend, Socket server, CancellationToken cut)
    {
        using var owned = server;
        TcpSocket.Tune(client, port.Options.IdleTimeout);
        TcpSocket.Tune(server, port.Options.IdleTimeout);
        var relay = transport.Relay(client, server);
        Volatile.Write(ref _relay, relay);
        await using var stop = cut.UnsafeRegister(Cut, relay);
        await using var drain = backend.Farewell.Ended.UnsafeRegister(Cut, relay);
        return await relay.RunAsync();
    }

    private static void Cut(object? relay) => ((ITcpRelay?)relay)?.End(TcpOutcome.Cut);
}

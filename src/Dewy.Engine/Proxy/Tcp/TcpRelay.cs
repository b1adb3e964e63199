using System.Net.Sockets;

namespace Dewy.Engine.Proxy.Tcp;

/// <summary>
/// Passes bytes between two connected sockets, each direction by itself: one that has ended ends the other side's receiving
/// only. What one side sends is read no faster than the other takes it. A reset on one side becomes one on the other, for an
/// orderly end would tell it that it has got everything.
/// </summary>
internal sealed class TcpRelay(Socket client, Socket backend)
{
    private static readonly LingerOption Reset = new(enable: true, seconds: 0);

    private bool _moved = true;
    private long _uploaded;
    private long _downloaded;
    private long _quietSince;
    private TcpOutcome _outcome;

    /// <summary>Bytes passed on in both directions; exact once it has ended.</summary>
    public long Bytes => _uploaded + _downloaded;

    /// <summary>Runs until both directions have ended; both sockets are closed then. Never throws for what the sides do.</summary>
    /// <param name="cut">Cuts it.</param>
    public async Task<TcpOutcome> RunAsync(CancellationToken cut)
    {
        await using var registration = cut.UnsafeRegister(static relay => ((TcpRelay?)relay)?.End(TcpOutcome.Cut), this);
        var upload = CopyAsync(client, backend, TcpOutcome.BrokenByClient, TcpOutcome.BrokenByBackend);
        await CopyAsync(backend, client, TcpOutcome.BrokenByBackend, TcpOutcome.BrokenByClient);
        await upload;
        End(TcpOutcome.Completed);
        return _outcome;
    }

    /// <summary>Ends it, if it has not ended already: in good order where that is true, else with a reset to both sides.</summary>
    public void End(TcpOutcome outcome)
    {
        if (Interlocked.CompareExchange(ref _outcome, outcome, TcpOutcome.Open) != TcpOutcome.Open)
            return;
        Close(client, outcome);
        Close(backend, outcome);
    }

    /// <summary>Ends it if no byte has moved for some time; to be called again and again.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="limit">How long it may be quiet.</param>
    public void EndIfIdle(TimeProvider time, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(time);
        if (_moved)
        {
            // Noted here and not by those who move bytes: that would be a look at the clock for every piece.
            _moved = false;
            _quietSince = time.GetTimestamp();
        }
        else if (time.GetElapsedTime(_quietSince) >= limit)
        {
            End(TcpOutcome.Idle);
        }
    }

    private async Task CopyAsync(Socket from, Socket to, TcpOutcome brokenByFrom, TcpOutcome brokenByTo)
    {
        var buffer = default(CopyBuffer);
        var broken = brokenByFrom;
        try
        {
            while (true)
            {
                broken = brokenByFrom;
                var memory = buffer.ForWaiting();
                var count = await from.ReceiveAsync(memory, SocketFlags.None);
                if (memory.IsEmpty)
                {
                    memory = buffer.ForMoving();
                    count = await from.ReceiveAsync(memory, SocketFlags.None);
                }

                broken = brokenByTo;
                if (count == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                _moved = true;
                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(memory[sent..count], SocketFlags.None);
                buffer.Moved(count);
                if (from == client)
                    _uploaded += count; // each direction counts for itself, so that they need not agree
                else
                    _downloaded += count;
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            End(broken);
        }
        finally
        {
            buffer.Dispose();
        }
    }

    private static void Close(Socket socket, TcpOutcome outcome)
    {
        try
        {
            // To dispose a socket that is being received from would be a reset.
            if (outcome == TcpOutcome.Idle)
                socket.Shutdown(SocketShutdown.Both);
            else if (outcome != TcpOutcome.Completed)
                socket.LingerState = Reset;
        }
        catch (SocketException)
        {
            // It is gone already.
        }

        socket.Dispose();
    }
}

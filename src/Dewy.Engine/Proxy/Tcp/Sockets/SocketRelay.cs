using System.Net.Sockets;

namespace Dewy.Engine.Proxy.Tcp.Sockets;

/// <inheritdoc cref="ITcpRelay"/>
internal sealed class SocketRelay(Socket client, Socket backend) : ITcpRelay
{
    private QuietTime _quiet;
    private long _uploaded;
    private long _downloaded;
    private TcpOutcome _outcome;
    private TcpOutcome _refused;

    /// <inheritdoc/>
    public long Bytes => _uploaded + _downloaded;

    /// <inheritdoc/>
    public async Task<TcpOutcome> RunAsync()
    {
        var upload = CopyAsync(client, backend, TcpOutcome.BrokenByClient, TcpOutcome.BrokenByBackend);
        await CopyAsync(backend, client, TcpOutcome.BrokenByBackend, TcpOutcome.BrokenByClient);
        await upload;
        End(_refused == TcpOutcome.Open ? TcpOutcome.Completed : _refused);
        return _outcome;
    }

    /// <inheritdoc/>
    public void End(TcpOutcome outcome)
    {
        if (Interlocked.CompareExchange(ref _outcome, outcome, TcpOutcome.Open) != TcpOutcome.Open)
            return;
        TcpSocket.Close(client, outcome);
        TcpSocket.Close(backend, outcome);
    }

    /// <inheritdoc/>
    public void EndIfIdle(TimeProvider time, TimeSpan limit)
    {
        if (_quiet.Reaches(time, limit))
            End(TcpOutcome.Idle);
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

                _quiet.Moved();
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
            // A side that takes nothing more may have said something before: what it said is passed on first.
            if (broken == brokenByTo)
                _refused = broken;
            else
                End(broken);
        }
        finally
        {
            buffer.Dispose();
        }
    }
}

using System.Net.Sockets;

namespace Dewy.Engine.Proxy.Backends;

/// <summary>
/// A connection to a backend. One that answers before it has read the whole request, such as with 413, and closes the
/// connection makes the rest impossible to send; the client of .NET would report that instead of the answer that is there.
/// So the rest is dropped where an answer waits to be read.
/// </summary>
internal sealed class BackendStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private bool _isAnswered;

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isAnswered)
            return;
        try
        {
            await base.WriteAsync(buffer, cancellationToken);
        }
        catch (IOException) when (HasAnswer())
        {
            _isAnswered = true; // the connection is dead but for what it holds: it cannot be used again
        }
    }

    private bool HasAnswer()
    {
        try
        {
            return Socket.Available > 0;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}

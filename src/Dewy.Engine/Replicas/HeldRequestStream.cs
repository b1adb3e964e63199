using System.Net.Sockets;

namespace Dewy.Engine.Replicas;

/// <summary>
/// Keeps the last byte of a request back until it is known who took the connection. A server cannot answer, and so not
/// close, before it has the whole request: until then its end of the connection can be looked up. The rest is sent at
/// once, because a socket with <c>TCP_DEFER_ACCEPT</c> hands out connections only when data has come.
/// </summary>
internal sealed class HeldRequestStream(Socket socket, Func<Socket, CancellationToken, Task<AnsweredBy>> ownerOf)
    : NetworkStream(socket, ownsSocket: true)
{
    private bool _sent;

    public AnsweredBy Owner { get; private set; }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_sent && buffer.Length > 1)
        {
            _sent = true;
            await base.WriteAsync(buffer[..^1], cancellationToken);
            Owner = await ownerOf(Socket, cancellationToken);
            buffer = buffer[^1..];
        }

        await base.WriteAsync(buffer, cancellationToken);
    }
}

using System.Net.Sockets;

namespace Dewy.Engine.Replicas;

/// <summary>
/// Keeps a request back until it is known who took the connection. First all of it, for a moment: a server may answer, and
/// close, after whatever it reads first, and then its end of the connection can no longer be looked up. A socket with
/// <c>TCP_DEFER_ACCEPT</c> hands out connections only when data has come: then all but the last byte is sent, without which
/// no server should answer.
/// </summary>
/// <param name="socket">The connection; disposed with the stream.</param>
/// <param name="ownerOf">Tells who took a connection.</param>
/// <param name="time">The clock.</param>
/// <param name="ended">The end of the try. The client's own token does not come this far: it closes the connection instead.</param>
internal sealed class HeldRequestStream(Socket socket, Func<Socket, CancellationToken, Task<AnsweredBy>> ownerOf, TimeProvider time, CancellationToken ended)
    : NetworkStream(socket, ownsSocket: true)
{
    /// <summary>How long a server that accepts connections without data may take for it; one that is busy is told the request meanwhile.</summary>
    private static readonly TimeSpan SilentPatience = TimeSpan.FromMilliseconds(250);

    private bool _sent;

    public AnsweredBy Owner { get; private set; }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_sent && buffer.Length > 1)
        {
            _sent = true;
            if (await FindInSilenceAsync() is { } owner)
            {
                Owner = owner;
            }
            else
            {
                await base.WriteAsync(buffer[..^1], ended);
                Owner = await ownerOf(Socket, ended);
                buffer = buffer[^1..];
            }
        }

        await base.WriteAsync(buffer, ended);
    }

    /// <summary>Who took the connection before anything was sent; null where nobody has.</summary>
    private async Task<AnsweredBy?> FindInSilenceAsync()
    {
        using var patience = new CancellationTokenSource(SilentPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ended);
        try
        {
            return await ownerOf(Socket, either.Token);
        }
        catch (OperationCanceledException) when (!ended.IsCancellationRequested)
        {
            return null;
        }
    }
}

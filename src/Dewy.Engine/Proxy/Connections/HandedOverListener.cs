using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Dewy.Engine.Proxy.Connections;

/// <summary>
/// An end point without a socket, for connections that others have accepted. Kestrel chooses the protocol of a connection
/// without TLS by its end point; this is the one for HTTP/2.
/// </summary>
internal sealed class HandedOverListener(EndPoint endPoint) : IConnectionListener
{
    /// <summary>Far more than Kestrel, which takes them at once, ever leaves here.</summary>
    private const int Capacity = 4096;

    private readonly Channel<HandedOverConnection> _waiting = Channel.CreateBounded<HandedOverConnection>(Capacity);

    /// <inheritdoc/>
    public EndPoint EndPoint => endPoint;

    /// <summary>Has a connection served here; returns when that is over.</summary>
    public async Task ServeAsync(ConnectionContext accepted)
    {
        var handedOver = new HandedOverConnection(accepted);
        if (_waiting.Writer.TryWrite(handedOver))
            await handedOver.Served;
    }

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _waiting.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _waiting.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        while (_waiting.Reader.TryRead(out var nobody))
            await nobody.DisposeAsync();
    }
}

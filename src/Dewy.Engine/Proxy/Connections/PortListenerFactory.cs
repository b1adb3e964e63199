using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Dewy.Engine.Proxy.Connections;

/// <summary>Gives Kestrel the sockets that are open already, and the place for connections that are handed over.</summary>
internal sealed class PortListenerFactory : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly HandedOverEndPoint _handedOver = new();

    public PortListenerFactory() => HandedOver = new HandedOverListener(_handedOver);

    /// <summary>Where connections go that speak HTTP/2 without TLS.</summary>
    public HandedOverListener HandedOver { get; }

    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => endpoint is PortEndPoint or HandedOverEndPoint;

    /// <inheritdoc/>
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (endpoint is not PortEndPoint { Port: var port })
            return HandedOver;
        var options = new SocketTransportOptions
        {
            Backlog = Processes.ListeningSocket.Backlog,
            CreateBoundListenSocket = _ => port.Listening.Socket,
        };
        var sockets = new SocketTransportFactory(Options.Create(options), NullLoggerFactory.Instance);
        var local = port.Listening.Socket.LocalEndPoint ?? throw new InvalidOperationException("A bound socket has a local end point.");
        return new PortListener(await sockets.BindAsync(local, cancellationToken), port.Slots);
    }
}

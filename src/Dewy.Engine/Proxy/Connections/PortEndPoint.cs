using System.Net;

namespace Dewy.Engine.Proxy.Connections;

/// <summary>Names a port of the proxy to Kestrel, which hands it back to the <see cref="PortListenerFactory"/>.</summary>
internal sealed class PortEndPoint(PortContext port) : EndPoint
{
    public PortContext Port { get; } = port;

    /// <inheritdoc/>
    public override string ToString() => Port.Listening.Address.Spec;
}

using System.Net;

namespace Dewy.Engine.Proxy.Connections;

/// <summary>Names the place to Kestrel where connections arrive that turned out to speak HTTP/2 on a port without TLS.</summary>
internal sealed class HandedOverEndPoint : EndPoint
{
    /// <inheritdoc/>
    public override string ToString() => "h2c";
}

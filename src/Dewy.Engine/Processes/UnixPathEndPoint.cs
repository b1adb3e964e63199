using System.Net;
using System.Net.Sockets;

namespace Dewy.Engine.Processes;

/// <summary>
/// A path to bind. Unlike <see cref="UnixDomainSocketEndPoint"/>, whose file the runtime deletes when the socket is closed:
/// this one may be needed by a program that goes on without the agent.
/// </summary>
internal sealed class UnixPathEndPoint(string path) : EndPoint
{
    /// <inheritdoc/>
    public override AddressFamily AddressFamily => AddressFamily.Unix;

    /// <inheritdoc/>
    public override SocketAddress Serialize() => new UnixDomainSocketEndPoint(path).Serialize();

    /// <inheritdoc/>
    public override EndPoint Create(SocketAddress socketAddress) => new UnixDomainSocketEndPoint(path).Create(socketAddress);
}

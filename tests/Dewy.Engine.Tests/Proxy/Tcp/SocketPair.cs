using System.Net;
using System.Net.Sockets;

namespace Dewy.Engine.Tests.Proxy.Tcp;

/// <summary>The two ends of a connection.</summary>
internal sealed record SocketPair(Socket Near, Socket Far) : IDisposable
{
    public static async Task<SocketPair> ConnectAsync(CancellationToken cancellationToken)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var near = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await near.ConnectAsync(listener.LocalEndPoint ?? throw new InvalidOperationException("A bound socket has an address."), cancellationToken);
        return new SocketPair(near, await listener.AcceptAsync(cancellationToken));
    }

    public void Dispose()
    {
        Near.Dispose();
        Far.Dispose();
    }
}

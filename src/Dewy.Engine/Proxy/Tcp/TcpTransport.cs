using Dewy.Engine.Proxy.Tcp.Epoll;
using Dewy.Engine.Proxy.Tcp.Sockets;

namespace Dewy.Engine.Proxy.Tcp;

/// <summary>Chooses how bytes are moved on this system.</summary>
internal static class TcpTransport
{
    /// <summary>Linux's own way where the kernel offers it, else the runtime's.</summary>
    public static ITcpTransport Open() => EpollTransport.TryOpen() ?? (ITcpTransport)new SocketTransport();
}

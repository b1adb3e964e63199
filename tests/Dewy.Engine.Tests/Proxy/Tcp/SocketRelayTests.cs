using Dewy.Engine.Proxy.Tcp;
using Dewy.Engine.Proxy.Tcp.Sockets;

namespace Dewy.Engine.Tests.Proxy.Tcp;

public sealed class SocketRelayTests : TcpRelayContract
{
    private protected override ITcpTransport Open() => new SocketTransport();
}

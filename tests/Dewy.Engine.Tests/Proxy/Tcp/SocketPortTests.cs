using Dewy.Engine.Proxy.Tcp;
using Dewy.Engine.Proxy.Tcp.Sockets;

namespace Dewy.Engine.Tests.Proxy.Tcp;

public sealed class SocketPortTests : TcpPortContract
{
    private protected override ITcpTransport Open() => new SocketTransport();
}

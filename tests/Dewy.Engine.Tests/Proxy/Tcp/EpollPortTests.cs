using Dewy.Engine.Proxy.Tcp;

namespace Dewy.Engine.Tests.Proxy.Tcp;

public sealed class EpollPortTests : TcpPortContract
{
    private protected override ITcpTransport Open() => Epoll.Open();
}

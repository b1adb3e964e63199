using Dewy.Engine.Proxy.Tcp;

namespace Dewy.Engine.Tests.Proxy.Tcp;

public sealed class EpollCopyingRelayTests : TcpRelayContract
{
    private protected override ITcpTransport Open() => Epoll.Open(pipes: 0);
}

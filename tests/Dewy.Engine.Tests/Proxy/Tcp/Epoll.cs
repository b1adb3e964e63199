using Dewy.Engine.Proxy.Tcp;
using Dewy.Engine.Proxy.Tcp.Epoll;
using Dewy.Tests;

namespace Dewy.Engine.Tests.Proxy.Tcp;

/// <summary>Linux's own transport; without it the test is skipped.</summary>
internal static class Epoll
{
    public static ITcpTransport Open(int pipes = PipePool.MostPipes)
    {
        Component.Linux();
        return EpollTransport.TryOpen(pipes) ?? throw new InvalidOperationException("This kernel has no epoll.");
    }
}

using System.Net;
using Dewy.Engine.Proxy;
using Dewy.Engine.Proxy.Tcp;
using Xunit;

namespace Dewy.Engine.Tests.Proxy.Tcp;

/// <summary>Tests that are run with each transport.</summary>
public abstract class TcpContract
{
    private protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private protected abstract ITcpTransport Open();

    private protected Task<RunningTcpProxy> StartAsync(params TcpBackend[] backends) =>
        StartAsync(RunningTcpProxy.Options, TimeProvider.System, [.. backends.Select(backend => backend.EndPoint)]);

    private protected Task<RunningTcpProxy> StartAsync(ProxyOptions options, TimeProvider time, params IPEndPoint[] backends) =>
        RunningTcpProxy.StartAsync(Open, options, time, backends);
}

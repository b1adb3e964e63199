using System.Net;
using System.Net.Sockets;
using Dewy.Engine.Processes;
using Dewy.Engine.Proxy;
using Dewy.Engine.Proxy.Backends;
using Dewy.Engine.Proxy.Tcp;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Proxy.Tcp;

/// <summary>A proxy with one TCP port on a free loopback port.</summary>
internal sealed class RunningTcpProxy : IAsyncDisposable, IProxyObserver
{
    private ProxyExchange? _last;

    private RunningTcpProxy(ProxyOptions options, TimeProvider time, Func<ITcpTransport> transport)
    {
        Backends = new BackendSet(options, Events, time);
        Server = new ProxyServer(options, Backends, Events, time, observer: this, transport);
    }

    public ProxyServer Server { get; }

    public BackendSet Backends { get; }

    public RecordingEventSink Events { get; } = new();

    /// <summary>The last connection that has ended.</summary>
    public ProxyExchange? Last => _last;

    public ProxyStatus Status => Server.GetStatus("test");

    public static ProxyOptions Options => new()
    {
        Ports = [.. ListenAddress.ParseAll(["127.0.0.1:0"]).Select(address => new PortMapping(address, Target: null, IsTcp: true))],
        DrainTime = TimeSpan.FromSeconds(20),
    };

    public static async Task<RunningTcpProxy> StartAsync(Func<ITcpTransport> transport, ProxyOptions options, TimeProvider time, params IPEndPoint[] backends)
    {
        var proxy = new RunningTcpProxy(options, time, transport);
        foreach (var (backend, index) in backends.Select((backend, index) => (backend, index)))
            proxy.Backends.Add($"b{index}", [backend]);
        await proxy.Server.StartAsync(inherited: null, CancellationToken.None);
        return proxy;
    }

    public async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPEndPoint.Parse(Server.Addresses[0].Spec), cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects, says something and waits for an answer, so that the connection is known to reach a backend.</summary>
    public async Task<Socket> ConnectThroughAsync(CancellationToken cancellationToken)
    {
        var socket = await ConnectAsync(cancellationToken);
        await socket.SendAsync("hello"u8.ToArray(), cancellationToken);
        Assert.NotEqual(0, await socket.ReceiveAsync(new byte[1024], cancellationToken));
        return socket;
    }

    /// <summary>Bytes of the connections that have ended.</summary>
    public long Bytes { get; private set; }

    public void Ended(in ProxyExchange exchange) => _last = exchange;

    public void Connected(int port)
    {
    }

    public void Disconnected(int port, TimeSpan duration, long bytes) => Bytes += bytes;

    public void BackendConnected(int port, TimeSpan latency)
    {
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Backends.DisposeAsync();
    }
}

using System.Net;
using System.Net.Sockets;
using Dewy.Engine.Processes;
using Dewy.Engine.Proxy;
using Dewy.Engine.Proxy.Backends;
using Dewy.Tests;

namespace Dewy.Engine.Tests.Proxy;

/// <summary>A proxy on a free loopback port and a client for it.</summary>
internal sealed class RunningProxy : IAsyncDisposable
{
    private RunningProxy(ProxyServer server, BackendSet backends, RecordingEventSink events)
    {
        Server = server;
        Backends = backends;
        Events = events;
        var scheme = "http";
        Address = new Uri($"{scheme}://{server.Addresses[0].Spec}/");
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, AutomaticDecompression = DecompressionMethods.None })
        {
            BaseAddress = Address,
            Timeout = TimeSpan.FromSeconds(60),
        };
    }

    public ProxyServer Server { get; }

    public BackendSet Backends { get; }

    public RecordingEventSink Events { get; }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IPEndPoint EndPoint => IPEndPoint.Parse(Server.Addresses[0].Spec);

    public static ProxyOptions Options(params string[] ports) => new()
    {
        Ports = [.. ListenAddress.ParseAll(ports.Length == 0 ? ["127.0.0.1:0"] : ports).Select(address => new PortMapping(address, Target: null, IsTcp: false))],
        DrainTime = TimeSpan.FromSeconds(20),
    };

    public static Task<RunningProxy> StartAsync(params TestBackend[] backends) => StartAsync(Options(), backends);

    public static Task<RunningProxy> StartAsync(ProxyOptions options, params TestBackend[] backends) => StartAsync(options, null, backends);

    public static async Task<RunningProxy> StartAsync(ProxyOptions options, ProxyLimits? limits, params TestBackend[] backends)
    {
        var events = new RecordingEventSink();
        var set = new BackendSet(options, events, TimeProvider.System);
        foreach (var (backend, index) in backends.Select((backend, index) => (backend, index)))
            set.Add($"b{index}", [backend.EndPoint]);
        var server = new ProxyServer(options, set, events, TimeProvider.System, limits: limits);
        await server.StartAsync(inherited: null, CancellationToken.None);
        return new RunningProxy(server, set, events);
    }

    /// <summary>A connection to write bytes to as they are.</summary>
    public async Task<RawConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(EndPoint, cancellationToken);
        return new RawConnection(socket);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        await Backends.DisposeAsync();
    }
}

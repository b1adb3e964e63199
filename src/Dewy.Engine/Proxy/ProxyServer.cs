using System.Text;
using Dewy.Engine.Processes;
using Dewy.Engine.Proxy.Backends;
using Dewy.Engine.Proxy.Connections;
using Dewy.Engine.Proxy.Forwarding;
using Dewy.Engine.Proxy.Tcp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace Dewy.Engine.Proxy;

/// <summary>
/// The proxy's ports. HTTP is served by a Kestrel of its own, without a host around it: nothing writes to the console,
/// listens to signals or reads settings, so that it runs inside any process.
/// </summary>
internal sealed class ProxyServer : IAsyncDisposable
{
    private readonly ProxyOptions _options;
    private readonly BackendSet _backends;
    private readonly IEngineEventSink _events;
    private readonly TimeProvider _time;
    private readonly ProxyLimits _limits;
    private readonly Func<ITcpTransport> _openTcp;
    private readonly IProxyObserver? _observer;
    private readonly ProxyTotals _totals = new();
    private readonly Farewell _farewell = new();
    private readonly ConnectionSlots _slots;
    private readonly List<ListeningSocket> _sockets = [];
    private readonly List<TcpPort> _tcpPorts = [];
    private readonly DateTimeOffset _startedAt;
    private ITcpTransport? _tcp;
    private ServiceProvider? _services;
    private CertificateStore? _certificate;
    private KestrelServer? _kestrel;
    private Task<int>? _stop;
    private bool _started;

    /// <param name="options">Ports, policy and limits.</param>
    /// <param name="backends">Where requests go; outlives the proxy.</param>
    /// <param name="events">Where events go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="observer">Is told of every exchange; may be null.</param>
    /// <param name="openTcp">Opens what TCP ports move bytes with; null for the best there is.</param>
    /// <param name="limits">What one client may cost; null for the defaults.</param>
    public ProxyServer(
        ProxyOptions options,
        BackendSet backends,
        IEngineEventSink events,
        TimeProvider time,
        IProxyObserver? observer = null,
        Func<ITcpTransport>? openTcp = null,
        ProxyLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _options = options;
        _backends = backends;
        _events = events;
        _time = time;
        _observer = observer;
        _openTcp = openTcp ?? TcpTransport.Open;
        _limits = limits ?? new ProxyLimits();
        _slots = new ConnectionSlots(options.MaximumConnections, _totals);
        _startedAt = time.GetUtcNow();
    }

    /// <summary>Where it listens, in the order of its ports, a port 0 replaced by the one it got; empty before it was started.</summary>
    public IReadOnlyList<ListenAddress> Addresses => [.. _sockets.Select(socket => socket.Address)];

    /// <summary>Opens the ports, or takes those that were inherited, and serves from the return of this on.</summary>
    /// <param name="inherited">Sockets of socket activation; those that fit are taken out of it. Null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.PortInUse"/> with the holder, or a certificate that cannot be used. Nothing stays open.</exception>
    public async Task StartAsync(InheritedSockets? inherited, CancellationToken cancellationToken)
    {
        try
        {
            if (_options.CertificateFile is { } certificateFile)
                _certificate = new CertificateStore(certificateFile, _options.KeyFile, _events, _time);
            foreach (var port in _options.Ports)
                _sockets.Add(inherited?.Take(port.Listen) ?? ListeningSocket.Open(port.Listen));
            PortContext[] ports = [.. _options.Ports.Select((port, index) => new PortContext(index, port, _sockets[index], _backends, _options, _slots, _totals, _observer, _time))];
            if (Array.Exists(ports, port => port.Mapping.IsTcp))
                _tcpPorts.AddRange(OpenTcp(_tcp = _openTcp(), ports));
            if (Array.Exists(ports, port => !port.Mapping.IsTcp))
                await StartHttpAsync([.. ports.Where(port => !port.Mapping.IsTcp)], cancellationToken);
            foreach (var port in _tcpPorts)
                port.Start();
        }
        catch
        {
            await CloseAsync();
            throw;
        }

        _started = true;
        _events.Publish(new ProxyStarted([.. Addresses.Select(address => address.Spec)]) { Time = _time.GetUtcNow() });
    }

    /// <summary>
    /// Closes the ports first, lets exchanges in flight end within <see cref="ProxyOptions.DrainTime"/>, and cuts what is left.
    /// Cancellation cuts at once. Called again it waits for the same.
    /// </summary>
    /// <returns>How many exchanges were cut.</returns>
    public Task<int> StopAsync(CancellationToken cancellationToken)
    {
        lock (_farewell)
            return _stop ??= StopOnceAsync(cancellationToken);
    }

    /// <summary>What it is doing.</summary>
    /// <param name="name">Of the application, or of the proxy where it runs by itself.</param>
    public ProxyStatus GetStatus(string name) => new()
    {
        Name = name,
        Listen = [.. Addresses.Select(address => address.Spec)],
        Backends = _backends.Current,
        InFlight = _totals.InFlight,
        Requests = _totals.Requests,
        Failures = _totals.Failures,
        Connections = _totals.Connections,
        StartedAt = _startedAt,
    };

    /// <summary>Stops at once where it was not stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true));
        _slots.Dispose();
        _farewell.Dispose();
    }

    private static IEnumerable<TcpPort> OpenTcp(ITcpTransport transport, PortContext[] ports) =>
        ports.Where(port => port.Mapping.IsTcp).Select(port => new TcpPort(port, transport));

    private async Task StartHttpAsync(PortContext[] ports, CancellationToken cancellationToken)
    {
        _services = BuildServices();
        var handler = new RequestHandler(_options, _backends, _services.GetRequiredService<IHttpForwarder>(), _farewell, _totals, _observer, _time);
        var listeners = new PortListenerFactory();
        _kestrel = new KestrelServer(Options.Create(Configure(ports, listeners, _services)), listeners, NullLoggerFactory.Instance);
        await _kestrel.StartAsync(new ProxyApplication(handler), cancellationToken);
    }

    /// <summary>
    /// What YARP's forwarder, and Kestrel's TLS, take from a container. The builder's host is never built, so that nothing of
    /// it lives: no signals, no console, no settings.
    /// </summary>
    private static ServiceProvider BuildServices()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "dewy", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore();
        builder.Services
            .AddMetrics()
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddHttpForwarder();
        return builder.Services.BuildServiceProvider();
    }

    private KestrelServerOptions Configure(PortContext[] ports, PortListenerFactory listeners, IServiceProvider services)
    {
        var options = new KestrelServerOptions
        {
            ApplicationServices = services,
            AddServerHeader = false,
            AllowResponseHeaderCompression = true,
            RequestHeaderEncodingSelector = static _ => Encoding.Latin1,
            ResponseHeaderEncodingSelector = static _ => Encoding.Latin1,
        };
        var slowest = new MinDataRate(_limits.SlowestBytesPerSecond, _limits.SlowGrace);
        options.Limits.MinRequestBodyDataRate = slowest;
        options.Limits.MinResponseDataRate = slowest;
        options.Limits.RequestHeadersTimeout = _limits.HeaderTimeout;
        options.Limits.KeepAliveTimeout = _options.IdleTimeout > TimeSpan.Zero ? _options.IdleTimeout : Timeout.InfiniteTimeSpan;
        options.Limits.MaxRequestBodySize = _options.MaximumRequestBody;
        options.Limits.MaxRequestHeaderCount = _limits.HeaderCount;
        options.Limits.MaxRequestHeadersTotalSize = _limits.HeaderBytes;
        options.Limits.MaxRequestLineSize = _limits.RequestLineBytes;
        options.Limits.Http2.MaxStreamsPerConnection = _limits.StreamsPerConnection;
        foreach (var port in ports)
            options.Listen(new PortEndPoint(port), listen => ConfigurePort(listen, port, listeners.HandedOver));
        if (_certificate is null)
            options.Listen(new HandedOverEndPoint(), listen => listen.Protocols = HttpProtocols.Http2);
        return options;
    }

    private void ConfigurePort(ListenOptions listen, PortContext port, HandedOverListener http2)
    {
        listen.Use(next => new ConnectionEntry(port, _certificate is not null, next).OnConnectionAsync);
        if (_certificate is { } certificate)
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = _limits.HeaderTimeout,
                OnConnection = _ => ValueTask.FromResult(certificate.Current),
            });
        }
        else
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => new ProtocolDetection(http2, _limits, _time, next).OnConnectionAsync);
        }
    }

    private async Task<int> StopOnceAsync(CancellationToken cancellationToken)
    {
        if (!_started)
            return 0;
        var closed = CloseGracefullyAsync();
        int ended;
        try
        {
            ended = await _farewell.RunAsync(closed, () => _totals.InFlight, _options.DrainTime, _time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            ended = _totals.InFlight;
            await _farewell.EndAsync();
        }

        await closed;
        await CloseAsync();
        _events.Publish(new ProxyStopped(ended) { Time = _time.GetUtcNow() });
        return ended;
    }

    /// <summary>Closes the ports before the first await, then waits for what is open on them.</summary>
    private Task CloseGracefullyAsync() => Task.WhenAll(
        [_kestrel?.StopAsync(_farewell.Ended) ?? Task.CompletedTask, .. _tcpPorts.Select(port => port.StopAsync(_farewell.Ended))]);

    private async Task CloseAsync()
    {
        foreach (var port in _tcpPorts)
            await port.DisposeAsync();
        _tcp?.Dispose();
        _kestrel?.Dispose();
        foreach (var socket in _sockets)
            socket.Dispose();
        if (_services is not null)
            await _services.DisposeAsync();
        if (_certificate is not null)
            await _certificate.DisposeAsync();
    }
}

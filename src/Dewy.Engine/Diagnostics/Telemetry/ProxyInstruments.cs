using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Dewy.Engine.Proxy;

namespace Dewy.Engine.Diagnostics.Telemetry;

/// <summary>What the proxy is measured by. Names, kinds, units and labels of the first eight are shared with the Go program.</summary>
internal sealed class ProxyInstruments : IProxyObserver
{
    private static readonly string[] StatusClasses = ["0xx", "1xx", "2xx", "3xx", "4xx", "5xx"];

    private readonly ConditionalWeakTable<string, string> _places = [];
    private readonly KeyValuePair<string, object?>[] _ports;
    private readonly Counter<long> _connections;
    private readonly UpDownCounter<long> _active;
    private readonly Histogram<double> _connectionDuration;
    private readonly Histogram<double> _connectLatency;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _requestDuration;

    public ProxyInstruments(Meter meter, IReadOnlyList<PortMapping> ports)
    {
        _ports = [.. ports.Select(port => new KeyValuePair<string, object?>("proxy_port", port.Listen.Port?.ToString(CultureInfo.InvariantCulture) ?? port.Listen.Spec))];
        _connections = meter.CreateCounter<long>("dewy.proxy.connections.total", "{connection}", "Connections of clients.");
        _active = meter.CreateUpDownCounter<long>("dewy.proxy.connections.active", "{connection}", "Connections of clients that are open.");
        _connectionDuration = meter.CreateHistogram<double>("dewy.proxy.connection.duration", "s", "How long connections of clients last.");
        _connectLatency = meter.CreateHistogram<double>("dewy.proxy.connect.latency", "s", "How long connecting to a backend takes.");
        _bytes = meter.CreateCounter<long>("dewy.proxy.bytes.transferred", "By", "Bytes from and to clients.");
        _errors = meter.CreateCounter<long>("dewy.proxy.errors.total", "{error}", "Exchanges that broke or were answered 500 or above.");
        _requests = meter.CreateCounter<long>("dewy.proxy.requests.total", "{request}", "Requests, and connections of TCP ports.");
        _requestDuration = meter.CreateHistogram<double>("dewy.proxy.request.duration", "s", "From the end of a request's headers to the end of its answer.");
    }

    /// <inheritdoc/>
    public void Ended(in ProxyExchange exchange)
    {
        var port = _ports[exchange.Port];
        var backend = new KeyValuePair<string, object?>("backend", exchange.Backend is { } name ? _places.GetValue(name, PlaceOf) : "");
        var status = new KeyValuePair<string, object?>("status", exchange.Status == 0 ? "tcp" : StatusClasses[Math.Clamp(exchange.Status / 100, 0, 5)]);
        _requests.Add(1, port, backend, status);
        _requestDuration.Record(exchange.Duration.TotalSeconds, port, backend, status);
        if (exchange.Failed)
            _errors.Add(1, port);
    }

    /// <inheritdoc/>
    public void Connected(int port)
    {
        _connections.Add(1, _ports[port]);
        _active.Add(1, _ports[port]);
    }

    /// <inheritdoc/>
    public void Disconnected(int port, TimeSpan duration, long bytes)
    {
        _active.Add(-1, _ports[port]);
        _connectionDuration.Record(duration.TotalSeconds, _ports[port]);
        _bytes.Add(bytes, _ports[port]);
    }

    /// <inheritdoc/>
    public void BackendConnected(int port, TimeSpan latency) => _connectLatency.Record(latency.TotalSeconds, _ports[port]);

    /// <summary>
    /// A replica's name without the time it was started at: <c>myapp-1700000000-2</c> is <c>myapp-2</c>, before and after a
    /// deployment. A label that is new with each of them would grow without bound.
    /// </summary>
    private static string PlaceOf(string name)
    {
        var number = name.LastIndexOf('-');
        var time = number > 0 ? name.LastIndexOf('-', number - 1) : -1;
        return time > 0 && IsNumber(name.AsSpan(number + 1)) && IsNumber(name.AsSpan(time + 1, number - time - 1))
            ? string.Concat(name.AsSpan(0, time), name.AsSpan(number))
            : name;
    }

    private static bool IsNumber(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');
}

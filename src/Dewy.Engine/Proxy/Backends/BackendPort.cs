using System.Net;
using System.Net.Sockets;
using System.Text;
using Dewy.Engine.Proxy.Http1;

namespace Dewy.Engine.Proxy.Backends;

/// <summary>
/// One address of a backend and the connections kept open to it. They belong to this backend alone and go with it, so that
/// an address that is used again never meets a connection of somebody else.
/// </summary>
internal sealed class BackendPort : IDisposable
{
    private readonly TimeProvider _time;
    private readonly BackendConnector _connector;
    private readonly Lazy<HttpMessageInvoker> _invoker;

    private readonly int _index;
    private readonly IProxyObserver? _observer;
    private readonly CancellationTokenRegistration _cut;

    /// <param name="index">Its place among the proxy's ports.</param>
    /// <param name="endPoint">The backend's address for that port.</param>
    /// <param name="idleTimeout">How long an exchange may be quiet; zero for ever.</param>
    /// <param name="observer">Is told how long connecting takes; may be null.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ended">Cuts what is in flight.</param>
    public BackendPort(int index, IPEndPoint endPoint, TimeSpan idleTimeout, IProxyObserver? observer, TimeProvider time, CancellationToken ended)
    {
        _index = index;
        _observer = observer;
        EndPoint = endPoint;
        Name = endPoint.ToString();
        Prefix = $"http://{endPoint}";
        _time = time;
        _connector = new BackendConnector(endPoint, time);
        _invoker = new Lazy<HttpMessageInvoker>(Create);
        Connections = new ConnectionPool(ConnectAsync, idleTimeout, time);
        _cut = ended.UnsafeRegister(static connections => ((ConnectionPool?)connections)?.Cut(), Connections);
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Address and port as a <c>Host</c> for requests that name none.</summary>
    public string Name { get; }

    /// <summary>Scheme and authority of its URLs, without a slash at the end.</summary>
    public string Prefix { get; }

    /// <summary>How long its answers take to begin.</summary>
    public AnswerLatency Latency { get; } = new();

    /// <summary>Connections for HTTP/1.1.</summary>
    public ConnectionPool Connections { get; }

    /// <summary>Sends gRPC and asks for WebSockets.</summary>
    public HttpMessageInvoker Invoker => _invoker.Value;

    /// <inheritdoc cref="BackendConnector.ConnectAsync"/>
    public ValueTask<Socket> ConnectAsync(CancellationToken cancellationToken) =>
        ConnectAsync(static (socket, endPoint, token) => socket.ConnectAsync(endPoint, token), cancellationToken);

    /// <inheritdoc cref="BackendConnector.ConnectAsync"/>
    public async ValueTask<Socket> ConnectAsync(Func<Socket, IPEndPoint, CancellationToken, ValueTask> connect, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        var socket = await _connector.ConnectAsync(connect, cancellationToken);
        _observer?.BackendConnected(_index, _time.GetElapsedTime(began));
        return socket;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cut.Dispose();
        Connections.Dispose();
        if (_invoker.IsValueCreated)
            _invoker.Value.Dispose();
    }

    private HttpMessageInvoker Create() => new(new TimedHandler(CreateHandler(), Latency, _time), disposeHandler: true);

    private SocketsHttpHandler CreateHandler() => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        EnableMultipleHttp2Connections = true,
        PooledConnectionIdleTimeout = ConnectionPool.RestLimit,
        PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
        ConnectTimeout = Timeout.InfiniteTimeSpan, // the connector has its own
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ConnectCallback = async (_, token) => new NetworkStream(await ConnectAsync(token), ownsSocket: true),
    };
}

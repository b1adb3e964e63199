using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Dewy.Engine.Proxy.Backends;

/// <summary>
/// One address of a backend and the connections kept open to it. They belong to this backend alone and go with it, so that
/// an address that is used again never meets a connection of somebody else.
/// </summary>
internal sealed class BackendPort : IDisposable
{
    /// <summary>How long an idle connection is kept: shorter than what applications keep theirs for (5 s in Node.js, the shortest that is common).</summary>
    private static readonly TimeSpan IdleConnectionTime = TimeSpan.FromSeconds(4);

    /// <summary>How long a request with <c>Expect: 100-continue</c> waits for that answer before its body is sent all the same (RFC 9110, 10.1.1).</summary>
    private static readonly TimeSpan ContinueWait = TimeSpan.FromSeconds(3);

    private readonly TimeProvider _time;
    private readonly BackendConnector _connector;
    private readonly Lazy<HttpMessageInvoker> _invoker;

    private readonly int _index;
    private readonly IProxyObserver? _observer;

    /// <param name="index">Its place among the proxy's ports.</param>
    /// <param name="endPoint">The backend's address for that port.</param>
    /// <param name="observer">Is told how long connecting takes; may be null.</param>
    /// <param name="time">The clock.</param>
    public BackendPort(int index, IPEndPoint endPoint, IProxyObserver? observer, TimeProvider time)
    {
        _index = index;
        _observer = observer;
        EndPoint = endPoint;
        Prefix = $"http://{endPoint}";
        _time = time;
        _connector = new BackendConnector(endPoint, time);
        _invoker = new Lazy<HttpMessageInvoker>(Create);
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Scheme and authority of its URLs, without a slash at the end.</summary>
    public string Prefix { get; }

    /// <summary>How long its answers take to begin.</summary>
    public AnswerLatency Latency { get; } = new();

    /// <summary>Sends requests to it.</summary>
    public HttpMessageInvoker Invoker => _invoker.Value;

    /// <inheritdoc cref="BackendConnector.ConnectAsync"/>
    public async ValueTask<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        var socket = await _connector.ConnectAsync(cancellationToken);
        _observer?.BackendConnected(_index, _time.GetElapsedTime(began));
        return socket;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
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
        PooledConnectionIdleTimeout = IdleConnectionTime,
        PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
        ConnectTimeout = Timeout.InfiniteTimeSpan, // the connector has its own
        Expect100ContinueTimeout = ContinueWait,
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ConnectCallback = async (_, token) => new BackendStream(await ConnectAsync(token)),
    };
}

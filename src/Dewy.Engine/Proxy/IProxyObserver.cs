namespace Dewy.Engine.Proxy;

/// <summary>Is told of every exchange, for metrics. Called from any thread, for each request and connection: must return at once and never throw.</summary>
internal interface IProxyObserver
{
    /// <summary>An exchange has ended.</summary>
    void Ended(in ProxyExchange exchange);

    /// <summary>A client has connected.</summary>
    /// <param name="port">Index of the proxy's port.</param>
    void Connected(int port);

    /// <summary>A client's connection has ended.</summary>
    /// <param name="port">Index of the proxy's port.</param>
    /// <param name="duration">How long it lasted.</param>
    /// <param name="bytes">Bytes from and to the client.</param>
    void Disconnected(int port, TimeSpan duration, long bytes);

    /// <summary>A connection to a backend was made.</summary>
    /// <param name="port">Index of the proxy's port.</param>
    /// <param name="latency">How long it took.</param>
    void BackendConnected(int port, TimeSpan latency);
}

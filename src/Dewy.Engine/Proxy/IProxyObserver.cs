namespace Dewy.Engine.Proxy;

/// <summary>Is told of every exchange, for metrics. Called from any thread, for each request: must return at once and never throw.</summary>
internal interface IProxyObserver
{
    /// <summary>An exchange has ended.</summary>
    void Ended(in ProxyExchange exchange);
}

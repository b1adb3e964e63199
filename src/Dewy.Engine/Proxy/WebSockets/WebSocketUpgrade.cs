using Dewy.Engine.Proxy.Backends;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Dewy.Engine.Proxy.WebSockets;

/// <summary>Puts a <see cref="WebSocketRelay"/> into a connection when it becomes a WebSocket, over HTTP/1.1 or HTTP/2 (RFC 8441).</summary>
internal sealed class WebSocketUpgrade : IHttpUpgradeFeature, IHttpExtendedConnectFeature, IAsyncDisposable
{
    private readonly IHttpUpgradeFeature? _upgrade;
    private readonly IHttpExtendedConnectFeature? _connect;
    private readonly Farewell _proxy;
    private WebSocketRelay? _relay;

    private WebSocketUpgrade(HttpContext context, Farewell proxy)
    {
        _proxy = proxy;
        if (context.Features.Get<IHttpUpgradeFeature>() is { } upgrade)
        {
            _upgrade = upgrade;
            context.Features.Set<IHttpUpgradeFeature>(this);
        }

        if (context.Features.Get<IHttpExtendedConnectFeature>() is { } connect)
        {
            _connect = connect;
            context.Features.Set<IHttpExtendedConnectFeature>(this);
        }
    }

    /// <summary>The backend the request is given to.</summary>
    public Farewell? Backend { get; set; }

    /// <inheritdoc/>
    public bool IsUpgradableRequest => _upgrade?.IsUpgradableRequest ?? false;

    /// <inheritdoc/>
    public bool IsExtendedConnect => _connect?.IsExtendedConnect ?? false;

    /// <inheritdoc/>
    public string? Protocol => _connect?.Protocol;

    /// <summary>Prepares a request that asks for a WebSocket; null for any other.</summary>
    public static WebSocketUpgrade? Prepare(HttpContext context, Farewell proxy)
    {
        ArgumentNullException.ThrowIfNull(context);
        var asks = context.Request.Headers.Upgrade is { Count: > 0 } upgrade
            ? string.Equals(upgrade.ToString(), "websocket", StringComparison.OrdinalIgnoreCase)
            : HttpMethods.IsConnect(context.Request.Method);
        return asks ? new WebSocketUpgrade(context, proxy) : null;
    }

    /// <inheritdoc/>
    public async Task<Stream> UpgradeAsync() =>
        Relay(await (_upgrade ?? throw new InvalidOperationException("This request cannot be upgraded.")).UpgradeAsync());

    /// <inheritdoc/>
    public async ValueTask<Stream> AcceptAsync() =>
        Relay(await (_connect ?? throw new InvalidOperationException("This request cannot be accepted.")).AcceptAsync());

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _relay?.DisposeAsync() ?? ValueTask.CompletedTask;

    private WebSocketRelay Relay(Stream client) =>
        _relay = Backend is { } backend ? new WebSocketRelay(client, backend, _proxy) : new WebSocketRelay(client, _proxy);
}

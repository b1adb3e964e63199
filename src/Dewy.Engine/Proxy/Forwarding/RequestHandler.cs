using System.Globalization;
using System.Net;
using Dewy.Engine.Proxy.Backends;
using Dewy.Engine.Proxy.Connections;
using Dewy.Engine.Proxy.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Dewy.Engine.Proxy.Forwarding;

/// <summary>Answers one request: finds a backend, passes the request on, and asks another one where that does no harm.</summary>
internal sealed class RequestHandler
{
    /// <summary>What a client that found no backend is told to wait, in seconds: about as long as one takes to be found again.</summary>
    private static readonly string RetryAfter = 2.ToString(CultureInfo.InvariantCulture);

    /// <summary>Backends tried for one request. Each that refuses leaves the rotation, so that more than a few are rare.</summary>
    private const int MostAttempts = 10;

    private readonly BackendSet _backends;
    private readonly IHttpForwarder _forwarder;
    private readonly Farewell _farewell;
    private readonly ProxyTotals _totals;
    private readonly IProxyObserver? _observer;
    private readonly TimeProvider _time;
    private readonly long? _mostBody;
    private readonly ForwardingTransformer _transformer = new();
    private readonly ForwarderRequestConfig _http1;
    private readonly ForwarderRequestConfig _grpc;

    public RequestHandler(ProxyOptions options, BackendSet backends, IHttpForwarder forwarder, Farewell farewell, ProxyTotals totals, IProxyObserver? observer, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _backends = backends;
        _forwarder = forwarder;
        _farewell = farewell;
        _totals = totals;
        _observer = observer;
        _time = time;
        _mostBody = options.MaximumRequestBody;
        var idle = options.IdleTimeout > TimeSpan.Zero && options.IdleTimeout.TotalMilliseconds < int.MaxValue ? options.IdleTimeout : Timeout.InfiniteTimeSpan;
        _http1 = new ForwarderRequestConfig { ActivityTimeout = idle, Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        _grpc = new ForwarderRequestConfig { ActivityTimeout = idle, Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
    }

    public async Task HandleAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var started = _time.GetTimestamp();
        var client = context.Features.GetRequiredFeature<ClientConnection>();
        _totals.Begin();
        var outcome = default(Outcome);
        try
        {
            outcome = await AnswerAsync(context, client);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // It went away while it was held.
        }
        finally
        {
            var gone = context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted;
            var status = gone ? StatusCodes.Status499ClientClosedRequest : context.Response.StatusCode;
            var failed = outcome.Broken || status >= StatusCodes.Status500InternalServerError;
            _totals.End(failed);
            if (failed)
                outcome.Backend?.CountFailure();
            _observer?.Ended(new ProxyExchange(client.Port, context.Request.Method, context.Request.Protocol, status, failed, outcome.Backend?.Name, _time.GetElapsedTime(started)));
        }
    }

    private static bool IsGrpc(HttpRequest request) =>
        request.ContentType is { } type
        && type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase)
        && (type.Length == 16 || type[16] is '+' or ';' or ' ')
        && HttpProtocol.IsHttp2(request.Protocol);

    private static bool IsIdempotent(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsPut(method) || HttpMethods.IsDelete(method) || HttpMethods.IsTrace(method);

    private static bool HasBody(HttpContext context) => context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;

    private ValueTask<Outcome> AnswerAsync(HttpContext context, ClientConnection client)
    {
        var request = context.Request;
        if (HttpMethods.IsConnect(request.Method) && context.Features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true })
            return Refuse(context, StatusCodes.Status501NotImplemented);
        if (_mostBody is { } most && request.ContentLength > most)
            return Refuse(context, StatusCodes.Status413PayloadTooLarge);
        return ForwardAsync(context, client);
    }

    private static ValueTask<Outcome> Refuse(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        if (!HttpProtocol.IsHttp2(context.Request.Protocol))
            context.Response.Headers.Connection = "close"; // what follows may not be meant as a request
        return ValueTask.FromResult(default(Outcome));
    }

    private async ValueTask<Outcome> ForwardAsync(HttpContext context, ClientConnection client)
    {
        var request = context.Request;
        var config = IsGrpc(request) ? _grpc : _http1;
        if (ReferenceEquals(config, _grpc) || HttpMethods.IsConnect(request.Method))
        {
            // Such streams may be silent for as long as they like.
            if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
                rate.MinDataRate = null;
        }

        await using var webSocket = WebSocketUpgrade.Prepare(context, _farewell);
        ForwardedHeaders.Set(request, client);
        var token = _backends.IsSticky ? StickyCookie.Read(request) : null;
        Backend? avoid = null;
        for (var attempt = 1; ; attempt++)
        {
            var backend = await _backends.ClaimAsync(token, avoid, context.RequestAborted);
            if (backend is null)
                return Unavailable(context);
            ForwarderError error;
            try
            {
                if (_backends.IsSticky && !string.Equals(token, backend.Token, StringComparison.Ordinal))
                    StickyCookie.Write(context.Response, backend, client.IsTls);
                if (webSocket is not null)
                    webSocket.Backend = backend.Farewell;
                var port = backend[client.Port];
                error = await _forwarder.SendAsync(context, port.Prefix, port.Invoker, config, _transformer, backend.Farewell.Ended);
            }
            finally
            {
                BackendSet.Release(backend);
            }

            if (error == ForwarderError.None)
                return new Outcome(backend, Broken: false);
            var failure = ForwardingFailure.Of(context, error);
            if (failure.Kind == ForwardingFailureKind.NeverSent)
                _backends.ReportUnreachable(backend, failure.Description);
            if (!MayAskAgain(context, failure.Kind, attempt, avoid is not null))
                return new Outcome(backend, !IsClients(context, error));
            backend.CountFailure();
            avoid = backend;
            context.Response.Clear();
        }
    }

    private static bool MayAskAgain(HttpContext context, ForwardingFailureKind kind, int attempt, bool askedAgain)
    {
        if (attempt >= MostAttempts || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
            return false;
        return kind == ForwardingFailureKind.NeverSent
            || (kind == ForwardingFailureKind.NoAnswer && !askedAgain && IsIdempotent(context.Request.Method) && !HasBody(context));
    }

    private static bool IsClients(HttpContext context, ForwarderError error) =>
        context.RequestAborted.IsCancellationRequested
        || error is ForwarderError.RequestBodyClient or ForwarderError.ResponseBodyClient or ForwarderError.UpgradeRequestClient or ForwarderError.UpgradeResponseClient;

    private static Outcome Unavailable(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = RetryAfter;
        return default;
    }

    private readonly record struct Outcome(Backend? Backend, bool Broken);
}

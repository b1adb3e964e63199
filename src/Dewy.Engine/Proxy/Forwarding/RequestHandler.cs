using System.Globalization;
using System.Net;
using Dewy.Engine.Proxy.Backends;
using Dewy.Engine.Proxy.Connections;
using Dewy.Engine.Proxy.Http1;
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
    private readonly Farewell _farewell;
    private readonly ProxyTotals _totals;
    private readonly IProxyObserver? _observer;
    private readonly TimeProvider _time;
    private readonly long? _mostBody;
    private readonly Http1Forwarder _http1;
    private readonly StreamForwarder _webSocket;
    private readonly StreamForwarder _grpc;

    public RequestHandler(ProxyOptions options, BackendSet backends, IHttpForwarder forwarder, Farewell farewell, ProxyTotals totals, IProxyObserver? observer, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _backends = backends;
        _farewell = farewell;
        _totals = totals;
        _observer = observer;
        _time = time;
        _mostBody = options.MaximumRequestBody;
        _http1 = new Http1Forwarder(time);
        _webSocket = new StreamForwarder(forwarder, HttpVersion.Version11, options.IdleTimeout);
        _grpc = new StreamForwarder(forwarder, HttpVersion.Version20, options.IdleTimeout);
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
        var isGrpc = IsGrpc(request);
        if (isGrpc || HttpMethods.IsConnect(request.Method))
        {
            // Such streams may be silent for as long as they like.
            if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
                rate.MinDataRate = null;
        }

        await using var webSocket = WebSocketUpgrade.Prepare(context, _farewell);
        IForwarder forwarder = webSocket is not null ? _webSocket : isGrpc ? _grpc : _http1;
        ForwardedHeaders.Set(request, client);
        var token = _backends.IsSticky ? StickyCookie.Read(request) : null;
        Backend? avoid = null;
        var askedAgain = false;
        for (var attempt = 1; ; attempt++)
        {
            var backend = await _backends.ClaimAsync(token, avoid, context.RequestAborted);
            if (backend is null)
                return Unavailable(context);
            ForwardingFailure failure;
            try
            {
                if (_backends.IsSticky && !string.Equals(token, backend.Token, StringComparison.Ordinal))
                    StickyCookie.Write(context.Response, backend, client.IsTls);
                if (webSocket is not null)
                    webSocket.Backend = backend.Farewell;
                failure = await forwarder.SendAsync(context, backend, client.Port, onFresh: askedAgain);
            }
            finally
            {
                BackendSet.Release(backend);
            }

            if (failure.Kind is ForwardingFailureKind.None or ForwardingFailureKind.ByClient)
                return new Outcome(backend, Broken: false);
            if (failure.Kind == ForwardingFailureKind.NeverSent)
                _backends.ReportUnreachable(backend, failure.Description);
            if (!MayAskAgain(context, failure.Kind, attempt, askedAgain))
                return new Outcome(backend, Broken: true);
            if (failure.Kind != ForwardingFailureKind.NoAnswerOnKept)
            {
                backend.CountFailure();
                avoid = backend;
            }

            askedAgain |= failure.Kind != ForwardingFailureKind.NeverSent;
            context.Response.Clear();
        }
    }

    private static bool MayAskAgain(HttpContext context, ForwardingFailureKind kind, int attempt, bool askedAgain)
    {
        if (attempt >= MostAttempts || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
            return false;
        return kind == ForwardingFailureKind.NeverSent
            || (kind is ForwardingFailureKind.NoAnswer or ForwardingFailureKind.NoAnswerOnKept && !askedAgain && Repetition.IsHarmless(context));
    }

    private static Outcome Unavailable(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = RetryAfter;
        return default;
    }

    private readonly record struct Outcome(Backend? Backend, bool Broken);
}

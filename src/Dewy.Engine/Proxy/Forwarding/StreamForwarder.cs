using System.Net.Sockets;
using Dewy.Engine.Proxy.Backends;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Dewy.Engine.Proxy.Forwarding;

/// <summary>Passes on what lives on streams: gRPC over HTTP/2, and WebSockets.</summary>
internal sealed class StreamForwarder : IForwarder
{
    private readonly IHttpForwarder _forwarder;
    private readonly ForwardingTransformer _transformer = new();
    private readonly ForwarderRequestConfig _config;

    /// <param name="forwarder">YARP's.</param>
    /// <param name="version">What the backend is spoken to in.</param>
    /// <param name="idleTimeout">How long it may be quiet; zero for ever.</param>
    public StreamForwarder(IHttpForwarder forwarder, Version version, TimeSpan idleTimeout)
    {
        _forwarder = forwarder;
        var idle = idleTimeout > TimeSpan.Zero && idleTimeout.TotalMilliseconds < int.MaxValue ? idleTimeout : Timeout.InfiniteTimeSpan;
        _config = new ForwarderRequestConfig { ActivityTimeout = idle, Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
    }

    /// <inheritdoc/>
    public async ValueTask<ForwardingFailure> SendAsync(HttpContext context, Backend backend, int port, bool onFresh)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(backend);
        var target = backend[port];
        var error = await _forwarder.SendAsync(context, target.Prefix, target.Invoker, _config, _transformer, backend.Farewell.Ended);
        return error == ForwarderError.None ? default : Judge(context, error);
    }

    private static ForwardingFailure Judge(HttpContext context, ForwarderError error)
    {
        var exception = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        if (context.RequestAborted.IsCancellationRequested
            || error is ForwarderError.RequestBodyClient or ForwarderError.ResponseBodyClient or ForwarderError.UpgradeRequestClient or ForwarderError.UpgradeResponseClient)
        {
            return new ForwardingFailure(ForwardingFailureKind.ByClient, "");
        }

        if (error != ForwarderError.Request || exception is not HttpRequestException failed || context.Response.HasStarted)
            return new ForwardingFailure(ForwardingFailureKind.Broken, "");
        return failed.HttpRequestError switch
        {
            HttpRequestError.ConnectionError when failed.InnerException is SocketException cause && SocketFailure.IsOurs(cause) => new(ForwardingFailureKind.Broken, ""),
            HttpRequestError.ConnectionError => new(ForwardingFailureKind.NeverSent, Describe(failed)),
            HttpRequestError.ResponseEnded => new(ForwardingFailureKind.NoAnswer, ""),
            _ when failed.InnerException is IOException => new(ForwardingFailureKind.NoAnswer, ""),
            _ => new(ForwardingFailureKind.Broken, ""),
        };
    }

    private static string Describe(HttpRequestException failed) =>
        failed.GetBaseException() is SocketException cause ? SocketFailure.Describe(cause) : failed.GetBaseException().Message.TrimEnd('.');
}

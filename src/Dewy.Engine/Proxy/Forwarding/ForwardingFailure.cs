using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Dewy.Engine.Proxy.Forwarding;

/// <summary>What to make of an exchange that failed.</summary>
/// <param name="Kind">How far it came.</param>
/// <param name="Description">What was found, in a few words.</param>
internal readonly record struct ForwardingFailure(ForwardingFailureKind Kind, string Description)
{
    public static ForwardingFailure Of(HttpContext context, ForwarderError error)
    {
        var exception = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        if (error != ForwarderError.Request || exception is not HttpRequestException failed || context.Response.HasStarted)
            return new ForwardingFailure(ForwardingFailureKind.Broken, Describe(exception));
        return failed.HttpRequestError switch
        {
            HttpRequestError.ConnectionError when IsOurs(failed) => new(ForwardingFailureKind.Broken, Describe(exception)),
            HttpRequestError.ConnectionError => new(ForwardingFailureKind.NeverSent, Describe(exception)),
            HttpRequestError.ResponseEnded => new(ForwardingFailureKind.NoAnswer, "it closed the connection without an answer"),
            _ when failed.InnerException is IOException => new(ForwardingFailureKind.NoAnswer, Describe(exception)),
            _ => new(ForwardingFailureKind.Broken, Describe(exception)),
        };
    }

    /// <summary>Whether connecting failed for want of something on this side, which says nothing of the backend.</summary>
    private static bool IsOurs(HttpRequestException failed) =>
        failed.InnerException is SocketException { SocketErrorCode: SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable or SocketError.AddressNotAvailable };

    private static string Describe(Exception? exception) => exception?.GetBaseException() switch
    {
        null => "it broke off",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "connection refused",
        SocketException { SocketErrorCode: SocketError.ConnectionReset } => "connection reset",
        SocketException { SocketErrorCode: SocketError.TimedOut } => "no connection in time",
        var cause => cause.Message.TrimEnd('.'),
    };
}

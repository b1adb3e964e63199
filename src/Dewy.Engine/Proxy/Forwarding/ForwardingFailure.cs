using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Dewy.Engine.Proxy.Forwarding;

/// <summary>What to make of an exchange that failed; the default is one that did not.</summary>
/// <param name="Kind">How far it came.</param>
/// <param name="Description">What was found, in a few words; for <see cref="ForwardingFailureKind.NeverSent"/>.</param>
internal readonly record struct ForwardingFailure(ForwardingFailureKind Kind, string Description)
{
    /// <summary>HTTP/2 streams that end before they should end with this (RFC 9113, 7: INTERNAL_ERROR).</summary>
    private const int InternalError = 2;

    /// <summary>Lets the client know: by a status, or where its answer has begun by cutting it, or it would take it for whole.</summary>
    public static ForwardingFailure Tell(HttpContext context, ForwardingFailureKind kind, int status, string description = "")
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!context.Response.HasStarted)
        {
            context.Response.Clear();
            context.Response.StatusCode = status;
        }
        else if (context.Features.Get<IHttpResetFeature>() is { } stream)
        {
            stream.Reset(InternalError);
        }
        else
        {
            context.Abort();
        }

        return new ForwardingFailure(kind, description);
    }
}

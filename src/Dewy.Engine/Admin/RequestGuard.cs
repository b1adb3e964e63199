using System.Net;
using Microsoft.AspNetCore.Http;

namespace Dewy.Engine.Admin;

/// <summary>
/// Refuses what no client on this host sends: peers elsewhere, names that only DNS rebinding leads here with, and pages of
/// other sites that use a visitor's browser as their way in.
/// </summary>
internal static class RequestGuard
{
    private static readonly string[] OwnNames = ["localhost", "127.0.0.1", "[::1]"];

    /// <param name="context">The request.</param>
    /// <param name="onSocket">Whether it came through a Unix socket, which no browser and no other host reaches.</param>
    /// <exception cref="AdminProblemException">403.</exception>
    public static void Check(HttpContext context, bool onSocket)
    {
        var request = context.Request;
        if (!onSocket)
        {
            if (context.Connection.RemoteIpAddress is not { } peer || !IPAddress.IsLoopback(peer))
                throw Refused("ForeignPeer", "Only programs on this host may ask.", "Ask from the host itself, or through an SSH tunnel to it.");
            if (!OwnNames.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase))
                throw Refused("ForeignHost", $"{request.Host.Host} is not a name of this address.", "Use http://127.0.0.1 or http://localhost with the port.");
        }

        // An origin is scheme and authority (RFC 6454); "null" stands for one that is hidden.
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !string.Equals(origin, $"http://{request.Host.Value}", StringComparison.OrdinalIgnoreCase))
            throw Refused("ForeignOrigin", "Pages of another origin may not ask.", "Open the dashboard itself, or ask with a program that sends no Origin.");

        // Browsers tell on every request where it comes from, and pages cannot change that (Fetch Metadata).
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
            throw Refused("ForeignOrigin", "Pages of another site may not ask.", "Open the dashboard itself.");
    }

    private static AdminProblemException Refused(string code, string message, string nextStep) => new(StatusCodes.Status403Forbidden, code, message, nextStep);
}

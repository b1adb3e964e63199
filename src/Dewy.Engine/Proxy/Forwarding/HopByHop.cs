using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Dewy.Engine.Proxy.Forwarding;

/// <summary>Fields that concern one hop only and are not passed on (RFC 9110, 7.6.1).</summary>
internal static class HopByHop
{
    private static readonly FrozenSet<string> Names = new[]
    {
        HeaderNames.Connection,
        HeaderNames.TransferEncoding,
        HeaderNames.KeepAlive,
        HeaderNames.Upgrade,
        HeaderNames.ProxyConnection,
        HeaderNames.ProxyAuthenticate,
        "Proxy-Authentication-Info",
        HeaderNames.ProxyAuthorization,
        "Proxy-Features",
        "Proxy-Instruction",
        "Security-Scheme",
        "ALPN",
        "Close",
        "HTTP2-Settings",
        HeaderNames.TE,
        HeaderNames.AltSvc,
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool Contains(string name) => Names.Contains(name);

    /// <summary>Whether <c>Connection</c> names no fields of its own, as it hardly ever does.</summary>
    public static bool IsCommon(string connection) =>
        connection.Equals("keep-alive", StringComparison.OrdinalIgnoreCase)
        || connection.Equals("close", StringComparison.OrdinalIgnoreCase)
        || connection.Equals("upgrade", StringComparison.OrdinalIgnoreCase)
        || connection.Equals("te", StringComparison.OrdinalIgnoreCase);

    /// <summary>The fields that <c>Connection</c> says are for this hop.</summary>
    public static IEnumerable<string> NamedBy(StringValues connection)
    {
        foreach (var name in connection.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            // Named by some clients, never meant: without it there is no request, or no end of one.
            if (!IsCommon(name) && !name.Equals(HeaderNames.Host, StringComparison.OrdinalIgnoreCase) && !name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
                && !name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) && IsToken(name))
            {
                yield return name;
            }
        }
    }

    private static bool IsToken(string name) => name.All(character => char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-.^_`|~".Contains(character, StringComparison.Ordinal));
}

using System.Globalization;
using System.Net.Http.Headers;

namespace Dewy.Engine.Registries.Http;

/// <summary>Reads how long a server wants to be left alone.</summary>
internal static class RetryAfterReader
{
    /// <summary>No answer keeps the agent away for longer.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>
    /// <c>Retry-After</c> (RFC 9110, seconds or a date), else <c>X-RateLimit-Reset</c> (GitHub and others: seconds since 1970)
    /// where <c>X-RateLimit-Remaining</c> is 0; null where neither says anything.
    /// </summary>
    public static TimeSpan? Read(HttpResponseMessage response, TimeProvider timeProvider)
    {
        var now = timeProvider.GetUtcNow();
        return response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => Clamp(delta),
            { Date: { } date } => Clamp(date - (response.Headers.Date ?? now)),
            _ when IsUsedUp(response.Headers) && Number(response.Headers, "X-RateLimit-Reset") is { } reset => Clamp(Until(reset, now)),
            _ => null,
        };
    }

    /// <summary>Whether the answer says that no request is left.</summary>
    public static bool IsUsedUp(HttpResponseHeaders headers) => Number(headers, "X-RateLimit-Remaining") is 0;

    private static TimeSpan Until(long secondsSince1970, DateTimeOffset now) =>
        TimeSpan.FromSeconds(Math.Clamp(secondsSince1970 - now.ToUnixTimeSeconds(), 1, (long)Longest.TotalSeconds));

    private static TimeSpan Clamp(TimeSpan span) => span < TimeSpan.Zero ? TimeSpan.Zero : span > Longest ? Longest : span;

    private static long? Number(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values)
        && long.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}

using System.Globalization;

namespace Dewy.Benchmarks.Proxy;

/// <summary>What one run of wrk found.</summary>
/// <param name="Requests">How many were answered.</param>
/// <param name="PerSecond">The same for one second.</param>
/// <param name="Median">Half of the answers took no longer.</param>
/// <param name="Slow">99 of 100 took no longer.</param>
/// <param name="Failures">Connections that broke, and answers other than 2xx and 3xx.</param>
internal sealed record WrkRun(long Requests, double PerSecond, TimeSpan Median, TimeSpan Slow, long Failures)
{
    public static async Task<WrkRun> RunAsync(string url, int connections, TimeSpan duration)
    {
        var seconds = Math.Max(1, (int)Math.Round(duration.TotalSeconds));
        return Parse(await ProxyProcess.RunToEndAsync(["wrk", "--latency", "-t1", $"-c{connections}", $"-d{seconds}s", url]));
    }

    private static WrkRun Parse(string text)
    {
        var found = new WrkRun(0, 0, TimeSpan.Zero, TimeSpan.Zero, 0);
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
            found = words switch
            {
                ["50%", var median] => found with { Median = Duration(median) },
                ["99%", var slow] => found with { Slow = Duration(slow) },
                [var count, "requests", "in", ..] => found with { Requests = Count(count) },
                ["Requests/sec:", var rate] => found with { PerSecond = double.Parse(rate, CultureInfo.InvariantCulture) },
                ["Socket", "errors:", "connect", var connect, "read", var read, "write", var write, "timeout", var late] =>
                    found with { Failures = found.Failures + Count(connect) + Count(read) + Count(write) + Count(late) },
                ["Non-2xx", "or", "3xx", "responses:", var other] => found with { Failures = found.Failures + Count(other) },
                _ => found,
            };
        }

        return found;
    }

    private static long Count(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static TimeSpan Duration(string text)
    {
        var digits = text.TrimEnd('u', 'm', 's');
        var value = double.Parse(digits, CultureInfo.InvariantCulture);
        return text[digits.Length..] switch
        {
            "us" => TimeSpan.FromMicroseconds(value),
            "ms" => TimeSpan.FromMilliseconds(value),
            "m" => TimeSpan.FromMinutes(value),
            _ => TimeSpan.FromSeconds(value),
        };
    }
}

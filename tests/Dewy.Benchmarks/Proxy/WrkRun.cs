using System.Globalization;
using System.Text.RegularExpressions;

namespace Dewy.Benchmarks.Proxy;

/// <summary>What one run of wrk found.</summary>
/// <param name="Requests">How many were answered.</param>
/// <param name="PerSecond">The same for one second.</param>
/// <param name="Median">Half of the answers took no longer.</param>
/// <param name="Slow">99 of 100 took no longer.</param>
/// <param name="Failures">Connections that broke, and answers other than 2xx and 3xx.</param>
internal sealed partial record WrkRun(long Requests, double PerSecond, TimeSpan Median, TimeSpan Slow, long Failures)
{
    public static async Task<WrkRun> RunAsync(string url, int connections, TimeSpan duration)
    {
        var seconds = Math.Max(1, (int)Math.Round(duration.TotalSeconds));
        string[] command = ["wrk", "--latency", "-t1", $"-c{connections}", $"-d{seconds}s", url];
        var text = await ProxyProcess.RunToEndAsync(command);
        var errors = SocketErrors().Match(text);
        var failures = errors.Success ? errors.Groups.Values.Skip(1).Sum(group => long.Parse(group.Value, CultureInfo.InvariantCulture)) : 0;
        var refused = Refused().Match(text);
        failures += refused.Success ? long.Parse(refused.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
        return new WrkRun(
            long.Parse(Count().Match(text).Groups[1].Value, CultureInfo.InvariantCulture),
            double.Parse(Rate().Match(text).Groups[1].Value, CultureInfo.InvariantCulture),
            Duration(Half().Match(text)),
            Duration(Most().Match(text)),
            failures);
    }

    private static TimeSpan Duration(Match match)
    {
        var value = double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        return match.Groups[2].Value switch
        {
            "us" => TimeSpan.FromMicroseconds(value),
            "ms" => TimeSpan.FromMilliseconds(value),
            _ => TimeSpan.FromSeconds(value),
        };
    }

    [GeneratedRegex(@"(\d+) requests in", RegexOptions.None, 1000)]
    private static partial Regex Count();

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)", RegexOptions.None, 1000)]
    private static partial Regex Rate();

    [GeneratedRegex(@"50%\s+([\d.]+)(us|ms|s)", RegexOptions.None, 1000)]
    private static partial Regex Half();

    [GeneratedRegex(@"99%\s+([\d.]+)(us|ms|s)", RegexOptions.None, 1000)]
    private static partial Regex Most();

    [GeneratedRegex(@"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", RegexOptions.None, 1000)]
    private static partial Regex SocketErrors();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (\d+)", RegexOptions.None, 1000)]
    private static partial Regex Refused();
}

using System.Globalization;

namespace Dewy.Engine.Registries;

/// <summary>Word to the registry that this host runs a release now (shared with the Go program).</summary>
public sealed record ShippingReport
{
    public required Release Release { get; init; }

    /// <summary><c>server</c>, <c>assets</c> or <c>container</c>.</summary>
    public required string Command { get; init; }

    public required string Host { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Name of the file or object that carries the report: <c>shipped_to_host_command_at_20240115T103045.123456700Z.txt</c>.</summary>
    public string FileName
    {
        get
        {
            // .NET has no nanoseconds: seven digits of ticks, padded to the nine of the format.
            var stamp = At.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'.'fffffff", CultureInfo.InvariantCulture) + "00Z";
            return $"shipped to {Host.ToLowerInvariant()} {Command} at {stamp}.txt".Replace(' ', '_');
        }
    }
}

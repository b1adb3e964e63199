using System.Globalization;
using Dewy.Engine.Registries.Grpc.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace Dewy.Engine.Registries.Grpc;

/// <summary>Reads how long a service wants to be left alone from what it sent after a failed call.</summary>
internal static class RetryDelay
{
    private const string Pushback = "grpc-retry-pushback-ms"; // gRFC A6, "Pushback"
    private const string Details = "grpc-status-details-bin"; // google.rpc.Status, as google/rpc/error_details.proto describes

    /// <summary>No answer keeps the agent away for longer.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>The pushback in milliseconds, else the <c>RetryInfo</c> of the status, else <c>retry-after</c> in seconds; null where none says anything.</summary>
    public static TimeSpan? Read(Metadata trailers)
    {
        ArgumentNullException.ThrowIfNull(trailers);
        return Number(trailers, Pushback) is { } milliseconds ? Clamp(TimeSpan.FromMilliseconds(Math.Min(milliseconds, Longest.TotalMilliseconds)))
            : RetryInfo(trailers) is { } delay ? Clamp(delay)
            : Number(trailers, "retry-after") is { } seconds ? Clamp(TimeSpan.FromSeconds(Math.Min(seconds, Longest.TotalSeconds)))
            : null;
    }

    private static TimeSpan? RetryInfo(Metadata trailers)
    {
        try
        {
            var status = trailers.GetValueBytes(Details) is { } bytes ? Wire.Status.Parser.ParseFrom(bytes) : null;
            var info = status?.Details.FirstOrDefault(detail => detail.Is(Wire.RetryInfo.Descriptor));
            return info?.Unpack<RetryInfo>().RetryDelay is { } delay ? TimeSpan.FromSeconds(Math.Clamp(delay.Seconds, 0, Longest.TotalSeconds)) : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null; // whatever it was, it says nothing about waiting
        }
    }

    private static long? Number(Metadata trailers, string name) =>
        long.TryParse(trailers.GetValue(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static TimeSpan Clamp(TimeSpan span) => span > Longest ? Longest : span;
}

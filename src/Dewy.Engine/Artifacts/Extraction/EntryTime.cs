namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>Modification times as archives write them.</summary>
internal static class EntryTime
{
    // What the class library sets on every platform without complaint; whoever packs other times has no clock.
    private static readonly decimal MaxSeconds = (decimal)(new DateTime(9999, 1, 1, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).TotalSeconds;
    private static readonly decimal MinSeconds = (decimal)(new DateTime(1700, 1, 1, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).TotalSeconds;

    /// <summary>Seconds since 1970 with a fraction; null where no file can have that time.</summary>
    public static DateTime? FromUnixSeconds(decimal seconds) =>
        seconds < MinSeconds || seconds > MaxSeconds ? null : DateTime.UnixEpoch.AddTicks((long)decimal.Floor(seconds * TimeSpan.TicksPerSecond));

    /// <summary>100-nanosecond steps since 1601 (FILETIME); null where out of range.</summary>
    public static DateTime? FromFileTime(long fileTime) =>
        FromUnixSeconds(((decimal)fileTime / TimeSpan.TicksPerSecond) - 11_644_473_600m);
}

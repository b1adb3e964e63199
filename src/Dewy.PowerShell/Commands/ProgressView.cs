using System.Globalization;
using System.Management.Automation;

namespace Dewy.PowerShell.Commands;

/// <summary>Makes progress records of events. Of one pipeline or job: not for several threads.</summary>
internal sealed class ProgressView
{
    private const int DownloadId = 1;
    private const int ExtractionId = 2;
    private readonly Dictionary<int, ProgressRecord> _shown = [];

    /// <summary>The record an event calls for; null where it calls for none.</summary>
    public ProgressRecord? Of(EngineEvent engineEvent) => engineEvent switch
    {
        DownloadProgressed download => Show(DownloadId, $"Downloading {download.Key}", BytesOf(download), PercentOf(download)),
        ArtifactCached or ArtifactRefused => Complete(DownloadId),
        ExtractionStarted extraction => Show(ExtractionId, $"Extracting {extraction.Key}", extraction.Path, -1),
        ExtractionProgressed extraction => Show(ExtractionId, $"Extracting to {extraction.Path}", $"{extraction.Entries} entries, {Size(extraction.Bytes)}", -1),
        StepCompleted { Step.Name: "extract" } => Complete(ExtractionId),
        _ => null,
    };

    /// <summary>Completing records for everything still shown.</summary>
    public IReadOnlyList<ProgressRecord> Remaining() =>
        [.. _shown.Keys.ToArray().Select(Complete).OfType<ProgressRecord>()];

    private static string BytesOf(DownloadProgressed download) =>
        download.Total is { } total ? $"{Size(download.Bytes)} of {Size(total)}" : Size(download.Bytes);

    private static int PercentOf(DownloadProgressed download) =>
        download.Total is > 0 and { } total ? (int)Math.Clamp(download.Bytes * 100 / total, 0, 100) : -1;

    private static string Size(long bytes) => bytes < 1 << 20
        ? (bytes / 1024.0).ToString("0.0 KiB", CultureInfo.InvariantCulture)
        : (bytes / 1024.0 / 1024.0).ToString("0.0 MiB", CultureInfo.InvariantCulture);

    private ProgressRecord Show(int id, string activity, string status, int percent)
    {
        var record = new ProgressRecord(id, activity, status) { PercentComplete = percent };
        _shown[id] = record;
        return record;
    }

    private ProgressRecord? Complete(int id) => _shown.Remove(id, out var shown)
        ? new ProgressRecord(id, shown.Activity, shown.StatusDescription) { RecordType = ProgressRecordType.Completed }
        : null;
}

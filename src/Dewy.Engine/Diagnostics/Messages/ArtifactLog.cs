using Microsoft.Extensions.Logging;

namespace Dewy.Engine.Diagnostics.Messages;

/// <summary>What happens to artifacts before they are deployed.</summary>
internal static partial class ArtifactLog
{
    [LoggerMessage(201, LogLevel.Information, "Cached artifact")]
    public static partial void Cached(ILogger logger, string cacheKey, long size, string digest, string? verifiedBy);

    [LoggerMessage(202, LogLevel.Information, "Download notification")]
    public static partial void Downloaded(ILogger logger, string message);

    [LoggerMessage(203, LogLevel.Debug, "Artifact found in cache")]
    public static partial void Found(ILogger logger, string cacheKey);

    [LoggerMessage(209, LogLevel.Information, "Waiting for the artifact another host is fetching")]
    public static partial void Awaited(ILogger logger, string cacheKey, string? holder);

    [LoggerMessage(204, LogLevel.Error, "Artifact refused")]
    public static partial void Refused(ILogger logger, string error, string cacheKey, string keptAt);

    [LoggerMessage(205, LogLevel.Information, "Cache entry evicted")]
    public static partial void Evicted(ILogger logger, string cacheKey, long size);

    [LoggerMessage(206, LogLevel.Debug, "Download progress")]
    public static partial void DownloadProgressed(ILogger logger, string cacheKey, long bytes, long? total);

    [LoggerMessage(207, LogLevel.Information, "Extract archive")]
    public static partial void Extracting(ILogger logger, string path);

    [LoggerMessage(208, LogLevel.Debug, "Extraction progress")]
    public static partial void ExtractionProgressed(ILogger logger, string path, long bytes, int entries);
}

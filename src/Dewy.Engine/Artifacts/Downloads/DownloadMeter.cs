namespace Dewy.Engine.Artifacts.Downloads;

/// <summary>Publishes progress, at most five times a second.</summary>
internal sealed class DownloadMeter(string key, IEngineEventSink events, TimeProvider timeProvider)
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(200);

    private long? _lastTimestamp;

    /// <summary>Bytes so far; said when it is time to.</summary>
    public void Report(long bytes, long? total)
    {
        if (_lastTimestamp is { } last && timeProvider.GetElapsedTime(last) < ShortestInterval)
            return;
        Publish(bytes, total);
    }

    /// <summary>The last word; always said.</summary>
    public void Complete(long bytes) => Publish(bytes, bytes);

    private void Publish(long bytes, long? total)
    {
        _lastTimestamp = timeProvider.GetTimestamp();
        events.Publish(new DownloadProgressed(key, bytes, total) { Time = timeProvider.GetUtcNow() });
    }
}

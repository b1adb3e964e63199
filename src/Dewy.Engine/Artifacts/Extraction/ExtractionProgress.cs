namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>Publishes <see cref="ExtractionProgressed"/>, at most five a second. Used by the reading thread only.</summary>
internal sealed class ExtractionProgress(IEngineEventSink events, TimeProvider timeProvider, string releaseDirectory, ExtractionBudget budget)
{
    /// <summary>Shortest time between two events.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private long _last = timeProvider.GetTimestamp();

    /// <summary>Publishes where things are, unless that was done a moment ago.</summary>
    public void Report()
    {
        if (timeProvider.GetElapsedTime(_last) < Interval)
            return;
        _last = timeProvider.GetTimestamp();
        events.Publish(new ExtractionProgressed(releaseDirectory, budget.Bytes, budget.Entries) { Time = timeProvider.GetUtcNow() });
    }
}

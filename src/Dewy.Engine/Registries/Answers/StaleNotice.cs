namespace Dewy.Engine.Registries.Answers;

/// <summary>Tells that answers are stale: when it begins, and now and then while it lasts.</summary>
internal sealed class StaleNotice(string registry, IEngineEventSink events, TimeProvider timeProvider)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private long? _toldAt;

    /// <param name="answer">The answer that is used.</param>
    /// <param name="reason">Why there is no newer one; null where it is up to date.</param>
    public void Update(RegistryAnswer answer, string? reason)
    {
        if (reason is null)
        {
            _toldAt = null;
            return;
        }

        if (_toldAt is { } told && timeProvider.GetElapsedTime(told) < Interval)
            return;
        _toldAt = timeProvider.GetTimestamp();
        events.Publish(new RegistryAnswerStale(registry, answer.AnsweredAt ?? DateTimeOffset.UnixEpoch, reason) { Time = timeProvider.GetUtcNow() });
    }
}

namespace Dewy.Engine.Agent;

/// <summary>When the registry is asked next: once an interval from start to start, ±10 %, further apart while it does not answer.</summary>
/// <param name="interval">Time between two checks.</param>
/// <param name="time">The clock.</param>
/// <param name="jitter">A number from 0 to 1, a new one each time: keeps a fleet from asking all at once.</param>
internal sealed class CheckSchedule(TimeSpan interval, TimeProvider time, Func<double> jitter)
{
    private const double JitterShare = 0.1;

    private DateTimeOffset _lastStart = DateTimeOffset.MinValue;

    /// <summary>When the next check is due; the first is due at once.</summary>
    public DateTimeOffset Next { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Checks in a row that failed.</summary>
    public int Failures { get; private set; }

    /// <summary>When the first of them began.</summary>
    public DateTimeOffset? FailingSince { get; private set; }

    public bool IsDue => time.GetUtcNow() >= Next;

    public void Started() => _lastStart = time.GetUtcNow();

    public void Succeeded()
    {
        Failures = 0;
        FailingSince = null;
        Next = _lastStart + Jittered(interval);
    }

    /// <summary>Notes a failure and returns how long until the next check.</summary>
    /// <param name="failure">What failed. A registry that does not answer is asked less and less often, one that asked to be left alone as it said; one that answers something of no use is asked as usual.</param>
    public TimeSpan Failed(DewyException failure)
    {
        Failures++;
        FailingSince ??= _lastStart;
        var now = time.GetUtcNow();
        var answered = failure.Code is ErrorCode.NoMatchingVersion or ErrorCode.ArtifactNotFound or ErrorCode.ArtifactAmbiguous;
        var delay = Jittered(answered ? interval : BackOff.BetweenChecks(interval, Failures));
        if (failure.RetryAfter > delay)
            delay = failure.RetryAfter.Value;
        Next = now + delay;
        return delay;
    }

    private TimeSpan Jittered(TimeSpan span) => span * (1 - JitterShare + (2 * JitterShare * jitter()));
}

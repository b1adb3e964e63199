namespace Dewy.Engine.Agent;

/// <summary>Keeps upkeep that fails from being tried in a tight loop: at once, then 1 s doubling to 60 s.</summary>
internal sealed class UpkeepPatience(TimeProvider time)
{
    private DateTimeOffset? _announced;

    /// <summary>Failures in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>When upkeep may be tried again; null where it did not fail.</summary>
    public DateTimeOffset? NotBefore { get; private set; }

    /// <summary>When the first of them ended; null where there is none.</summary>
    public DateTimeOffset? FailingSince { get; private set; }

    public void Reset()
    {
        Failures = 0;
        FailingSince = null;
        NotBefore = null;
    }

    /// <summary>Notes a failure and returns how long to wait.</summary>
    public TimeSpan Failed()
    {
        Failures++;
        FailingSince ??= time.GetUtcNow();
        var delay = BackOff.BeforeRestart(Failures + 1);
        NotBefore = time.GetUtcNow() + delay;
        return delay;
    }

    /// <summary>Whether a scheduled restart has not been told of yet.</summary>
    public bool IsNew(DateTimeOffset restartAt)
    {
        if (_announced == restartAt)
            return false;
        _announced = restartAt;
        return true;
    }
}

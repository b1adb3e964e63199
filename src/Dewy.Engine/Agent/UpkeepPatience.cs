namespace Dewy.Engine.Agent;

/// <summary>Keeps upkeep that fails from being tried in a tight loop: at once, then 1 s doubling to 60 s.</summary>
internal sealed class UpkeepPatience(TimeProvider time)
{
    private DateTimeOffset? _announced;

    /// <summary>Failures in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>When upkeep may be tried again; null where it did not fail.</summary>
    public DateTimeOffset? NotBefore { get; private set; }

    public void Reset()
    {
        Failures = 0;
        NotBefore = null;
    }

    /// <summary>Notes a failure and returns how long to wait.</summary>
    public TimeSpan Failed()
    {
        Failures++;
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

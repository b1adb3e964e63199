namespace Dewy.Engine.Notifications;

/// <summary>Failures of one kind in a row. The first few are told, the rest is held back until something worked.</summary>
internal sealed class FailureRun
{
    /// <summary>How many failures of a run people are told of.</summary>
    public const int MostTold = 3;

    private DateTimeOffset _since;

    /// <summary>Failures so far.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the next failure will not be told.</summary>
    public bool HoldsBack => Count >= MostTold;

    /// <summary>Counts one; false where it is one too many to tell.</summary>
    public bool Add(DateTimeOffset time)
    {
        if (Count == 0)
            _since = time;
        Count++;
        return Count <= MostTold;
    }

    /// <summary>Ends the run; when it began, or null where there was none.</summary>
    public (int Failures, DateTimeOffset Since)? End()
    {
        if (Count == 0)
            return null;
        var ended = (Count, _since);
        Count = 0;
        return ended;
    }
}

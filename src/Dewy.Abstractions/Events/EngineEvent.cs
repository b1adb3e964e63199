namespace Dewy;

/// <summary>
/// Something that happened. The engine tells the outside world nothing except through these: log lines,
/// notifications, job output, progress, metrics and the dashboard are views of them.
/// </summary>
public abstract record EngineEvent
{
    private protected EngineEvent()
    {
    }

    /// <summary>When it happened (UTC). Set by whoever publishes it.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>The application concerned; set by the agent.</summary>
    public string? Application { get; init; }
}

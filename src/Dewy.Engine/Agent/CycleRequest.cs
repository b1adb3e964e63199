namespace Dewy.Engine.Agent;

/// <summary>What somebody asked of the next cycle.</summary>
internal sealed record CycleRequest
{
    /// <summary>The ordinary cycle.</summary>
    public static CycleRequest Routine { get; } = new();

    /// <summary>Ask the registry even where the interval has not passed.</summary>
    public bool CheckNow { get; init; }

    /// <summary>Try a blocked release again, and do not wait for windows or ages.</summary>
    public bool Force { get; init; }

    /// <summary>Restart the application gracefully.</summary>
    public bool Restart { get; init; }

    /// <summary>The release an operator wants, pinned as soon as the registry turns out to have it; null for whatever is wanted anyway.</summary>
    public ReleasePin? Pin { get; init; }

    /// <summary>Who or what asked; goes into the history.</summary>
    public string RequestedBy { get; init; } = "agent";

    /// <summary>Ids of operators' requests in the state file that this cycle answers.</summary>
    public IReadOnlyList<string> Waiting { get; init; } = [];
}

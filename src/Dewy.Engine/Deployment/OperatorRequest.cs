namespace Dewy.Engine.Deployment;

/// <summary>Something an operator wants from the agent that holds the root, left in the state for it to find.</summary>
internal sealed record OperatorRequest
{
    /// <summary>Unique; the answer carries it.</summary>
    public required string Id { get; init; }

    public required OperatorRequestKind Kind { get; init; }

    /// <summary>For <see cref="OperatorRequestKind.Deploy"/>: a blocked release is tried again at once.</summary>
    public bool Force { get; init; }

    /// <summary>The release wanted, to be pinned as soon as the registry turns out to have it; null for whatever is wanted anyway.</summary>
    public ReleasePin? Pin { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Who asked.</summary>
    public required string By { get; init; }
}

namespace Dewy;

/// <summary>A supervised process.</summary>
public sealed record RunningProcess
{
    public required int Generation { get; init; }

    public required int ProcessId { get; init; }

    public required string Tag { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>True once it is ready to serve.</summary>
    public bool Ready { get; init; }

    /// <summary>True once it was told to end.</summary>
    public bool Stopping { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{ProcessId} (generation {Generation}, {Tag})";
}

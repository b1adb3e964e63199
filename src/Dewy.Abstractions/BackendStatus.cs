namespace Dewy;

/// <summary>A replica as the proxy sees it.</summary>
public sealed record BackendStatus
{
    /// <summary>The replica's id; of a backend given by hand its address.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The release it runs; null where unknown.</summary>
    public string? Tag { get; init; }

    /// <summary>One address for each port of the proxy.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    public required ReplicaState State { get; init; }

    /// <summary>Requests, or connections of a TCP port, in flight.</summary>
    public int InFlight { get; init; }

    /// <summary>Requests given to it since it joined.</summary>
    public long Requests { get; init; }

    /// <summary>Answers of 500 and above and broken exchanges among them.</summary>
    public long Failures { get; init; }

    /// <summary>How long its answers take to begin, lately and on average; null where nothing tells.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>What the last failed check or request found; null while it is healthy.</summary>
    public string? Problem { get; init; }

    /// <summary>Since when it is in this state (UTC).</summary>
    public required DateTimeOffset Since { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

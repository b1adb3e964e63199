namespace Dewy;

/// <summary>One attempt to make a release live; one line of the history.</summary>
public sealed record Deployment
{
    /// <summary>Sortable and unique: UTC time and a random suffix.</summary>
    public required string Id { get; init; }

    public required DeploymentMode Mode { get; init; }

    public required string Tag { get; init; }

    /// <summary>The tag that was live before; null on the first deployment.</summary>
    public string? PreviousTag { get; init; }

    /// <summary>SHA-256 of the artifact or digest of the image; null where it was never fetched.</summary>
    public Digest? Digest { get; init; }

    /// <summary>Absolute path of the release directory; null where there was none.</summary>
    public string? ReleaseDirectory { get; init; }

    public required DeploymentResult Result { get; init; }

    public DeploymentError? Error { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>Wall time from start to end.</summary>
    public TimeSpan Duration => FinishedAt - StartedAt;

    public IReadOnlyList<PhaseTiming> Phases { get; init; } = [];

    /// <summary>Who or what asked: <c>agent</c>, <c>rollback by root</c>, <c>watch</c> …</summary>
    public required string RequestedBy { get; init; }

    /// <summary>The root deployed into.</summary>
    public string? Root { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Tag} {Result} {FinishedAt:u}";
}

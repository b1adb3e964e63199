namespace Dewy;

/// <summary>A release that is or was live in a root.</summary>
public sealed record LiveRelease
{
    public required string Tag { get; init; }

    /// <summary>Cache key, or image reference.</summary>
    public required string Key { get; init; }

    public Digest? Digest { get; init; }

    /// <summary>Absolute path of the release directory; null in container mode.</summary>
    public string? Directory { get; init; }

    public required DateTimeOffset DeployedAt { get; init; }

    /// <summary>The deployment that made it live.</summary>
    public required string DeploymentId { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Tag;
}

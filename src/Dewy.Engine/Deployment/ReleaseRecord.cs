namespace Dewy.Engine.Deployment;

/// <summary>
/// What Dewy knows of a release directory it made, kept in <c>.dewy/releases/&lt;name&gt;.json</c>, outside the release's
/// own content. A directory without one is a stranger's and never touched.
/// </summary>
internal sealed record ReleaseRecord
{
    public required string Tag { get; init; }

    /// <summary>Cache key of the artifact.</summary>
    public required string Key { get; init; }

    public Digest? Digest { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The deployment that made it.</summary>
    public required string DeploymentId { get; init; }

    /// <summary>When it was first live and healthy (UTC); null where it never was.</summary>
    public DateTimeOffset? GoodSince { get; init; }
}

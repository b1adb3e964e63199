namespace Dewy.Engine.Deployment;

/// <summary>A deployment in flight, written down before it changes anything so that a crash in the middle can be cleaned up.</summary>
internal sealed record DeploymentAttempt
{
    /// <summary>Id of the deployment.</summary>
    public required string Id { get; init; }

    public required DeploymentMode Mode { get; init; }

    public required string Tag { get; init; }

    public required string Key { get; init; }

    public Digest? Digest { get; init; }

    /// <summary>Absolute path the release will have or has; null while none is chosen, and in container mode.</summary>
    public string? Directory { get; init; }

    public string? PreviousTag { get; init; }

    /// <summary>Where <c>current</c> pointed when it began, whoever made that directory; null where there was no <c>current</c>.</summary>
    public string? PreviousDirectory { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required string RequestedBy { get; init; }
}

namespace Dewy.Engine.Deployment.Hooks;

/// <summary>What a hook is told of the deployment it belongs to.</summary>
internal sealed record HookContext
{
    /// <summary>Absolute path of the root; the hook's working directory.</summary>
    public required string Root { get; init; }

    /// <summary>The mode: <c>server</c>, <c>assets</c> or <c>container</c> (<c>DEWY_COMMAND</c>).</summary>
    public required string Command { get; init; }

    /// <summary><c>DEWY_TAG</c>.</summary>
    public required string Tag { get; init; }

    /// <summary><c>DEWY_VERSION</c>.</summary>
    public required string Version { get; init; }

    /// <summary><c>DEWY_PREVIOUS_TAG</c>; null (and empty in the hook) for a first deployment.</summary>
    public string? PreviousTag { get; init; }

    /// <summary><c>DEWY_RELEASE_DIR</c>; null where there is none (yet).</summary>
    public string? ReleaseDirectory { get; init; }

    /// <summary>Path of the artifact in the cache, or an image reference (<c>DEWY_ARTIFACT</c>).</summary>
    public string? Artifact { get; init; }

    /// <summary><c>DEWY_DEPLOYMENT_ID</c>.</summary>
    public required string DeploymentId { get; init; }
}

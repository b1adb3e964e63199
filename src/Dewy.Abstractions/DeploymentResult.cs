namespace Dewy;

/// <summary>How a deployment ended.</summary>
public enum DeploymentResult
{
    /// <summary>The release is live and healthy.</summary>
    Succeeded,

    /// <summary>It failed; the release that was live before still is.</summary>
    Failed,

    /// <summary>It went live, then misbehaved within the watch time; the previous release is live again.</summary>
    RolledBack,

    /// <summary>The agent or the machine died, or was stopped, before it ended.</summary>
    Interrupted,
}

namespace Dewy.Engine.Deployment;

/// <summary>A complete release directory that Dewy made.</summary>
/// <param name="Name">The directory's name.</param>
/// <param name="Path">The directory, absolute.</param>
/// <param name="Record">What is known of it.</param>
internal sealed record KeptRelease(ReleaseName Name, string Path, ReleaseRecord Record)
{
    /// <summary>Whether it was ever live and healthy: one to go back to.</summary>
    public bool IsGood => Record.GoodSince is not null;

    /// <summary>It as a live release, of the deployment that made it.</summary>
    public LiveRelease ToLive() => new()
    {
        Tag = Record.Tag,
        Key = Record.Key,
        Digest = Record.Digest,
        Directory = Path,
        DeployedAt = Record.GoodSince ?? Record.CreatedAt,
        DeploymentId = Record.DeploymentId,
    };
}

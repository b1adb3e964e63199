namespace Dewy.Engine.Deployment;

/// <summary>A complete release directory that Dewy made.</summary>
/// <param name="Name">The directory's name.</param>
/// <param name="Path">The directory, absolute.</param>
/// <param name="Record">What is known of it.</param>
internal sealed record KeptRelease(ReleaseName Name, string Path, ReleaseRecord Record)
{
    /// <summary>Whether it was ever live and healthy: one to go back to.</summary>
    public bool IsGood => Record.GoodSince is not null;

    /// <summary>An operator's word that this is the release wanted.</summary>
    /// <param name="before">The state before that word.</param>
    /// <param name="untilNewer">Whether a newer release than any known then ends it.</param>
    /// <param name="at">When it was given.</param>
    /// <param name="by">Who gave it.</param>
    public ReleasePin ToPin(RootState before, bool untilNewer, DateTimeOffset at, string by) => new()
    {
        Tag = Record.Tag,
        Directory = Path,
        NewestTagThen = before.NewestTag ?? before.Current?.Tag,
        UntilNewer = untilNewer,
        At = at,
        By = by,
    };

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

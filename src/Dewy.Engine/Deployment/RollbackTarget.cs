using Dewy.Engine.Replicas;

namespace Dewy.Engine.Deployment;

/// <summary>Finds what an operator wants to go back to.</summary>
internal static class RollbackTarget
{
    /// <param name="root">The root.</param>
    /// <param name="to">A tag, the name of a release directory, or an image's digest; null for the previous release.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.ReleaseNotFound"/>, listing what is kept.</exception>
    public static LiveRelease Find(DeploymentRoot root, string? to)
    {
        var state = root.State.Read();
        var kept = state.Current is { Directory: null } || state.Good.Count > 0
            ? state.Good
            : [.. root.Releases.List().Where(release => release.IsGood).Select(release => release.ToLive())];
        var found = to is null
            ? kept.FirstOrDefault(release => release.IsSameAs(state.Previous)) ?? kept.FirstOrDefault(release => !release.IsSameAs(state.Current))
            : root.Releases.Find(to)?.ToLive() ?? kept.FirstOrDefault(release => IsNamed(release, to));
        if (found is not null)
            return found;
        var others = kept.Where(release => !release.IsSameAs(state.Current)).Select(Describe).ToList();
        throw new DewyException(ErrorCode.ReleaseNotFound, to is null ? "There is no previous release to go back to." : $"No good release {to} is kept here.")
        {
            Phase = "rollback",
            Target = root.Layout.Releases,
            NextStep = others.Count == 0 ? "Deploy another release first." : $"Choose one of: {string.Join(", ", others)}.",
        };
    }

    /// <summary>An operator's word that this is the release wanted.</summary>
    /// <param name="before">The state before that word.</param>
    /// <param name="untilNewer">Whether a newer release than any known then ends it.</param>
    /// <param name="at">When it was given.</param>
    /// <param name="by">Who gave it.</param>
    public static ReleasePin ToPin(this LiveRelease target, RootState before, bool untilNewer, DateTimeOffset at, string by) => new()
    {
        Tag = target.Tag,
        Directory = target.Directory,
        NewestTagThen = before.NewestTag ?? before.Current?.Tag,
        UntilNewer = untilNewer,
        At = at,
        By = by,
    };

    private static bool IsNamed(LiveRelease release, string name) =>
        string.Equals(release.Tag, name, StringComparison.Ordinal) || string.Equals(release.Digest?.ToString(), name, StringComparison.Ordinal);

    private static string Describe(LiveRelease release) => $"{release.Tag} ({(release.Directory is { } directory ? Path.GetFileName(directory) : release.Digest?.ToString())})";
}

namespace Dewy.Engine.Deployment;

/// <summary>Finds what an operator wants to go back to.</summary>
internal static class RollbackTarget
{
    /// <param name="root">The root.</param>
    /// <param name="to">A tag or the name of a release directory; null for the previous release.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.ReleaseNotFound"/>, listing what is kept.</exception>
    public static KeptRelease Find(DeploymentRoot root, string? to)
    {
        var state = root.State.Read();
        var kept = root.Releases.List().Where(release => release.IsGood).ToList();
        var found = to is not null
            ? root.Releases.Find(to)
            : kept.Find(release => release.Path == state.Previous?.Directory) ?? kept.Find(release => release.Path != state.Current?.Directory);
        if (found is not null)
            return found;
        var others = kept.Where(release => release.Path != state.Current?.Directory).Select(release => $"{release.Record.Tag} ({release.Name})").ToList();
        throw new DewyException(ErrorCode.ReleaseNotFound, to is null ? "There is no previous release to go back to." : $"No good release {to} is kept here.")
        {
            Phase = "rollback",
            Target = root.Layout.Releases,
            NextStep = others.Count == 0 ? "Deploy another release first." : $"Choose one of: {string.Join(", ", others)}.",
        };
    }
}

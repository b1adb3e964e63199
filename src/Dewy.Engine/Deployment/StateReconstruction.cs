namespace Dewy.Engine.Deployment;

/// <summary>What can be known of a root without its state file: what <c>current</c> and the release records say.</summary>
internal static class StateReconstruction
{
    /// <summary>
    /// The live release where <c>current</c> points to one Dewy made, and the newest other good one as the previous.
    /// Pin, pause, blocks and an attempt in flight are lost.
    /// </summary>
    public static RootState From(CurrentLink current, ReleaseDirectories releases)
    {
        var live = current.Read() is { } directory ? releases.Get(directory) : null;
        var previous = releases.List().FirstOrDefault(release => release.IsGood && release.Name != live?.Name);
        return new RootState { Current = live?.ToLive(), Previous = previous?.ToLive() };
    }
}

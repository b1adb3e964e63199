namespace Dewy.Engine.Releases;

/// <summary>What filtering and ordering made of a listing.</summary>
/// <param name="Releases">The releases that count, newest first.</param>
/// <param name="Refused">The others.</param>
internal sealed record ReleaseRanking(IReadOnlyList<RankedRelease> Releases, IReadOnlyList<RefusedRelease> Refused)
{
    /// <summary>The release to deploy; null where none counts.</summary>
    public RankedRelease? Newest => Releases.Count == 0 ? null : Releases[0];
}

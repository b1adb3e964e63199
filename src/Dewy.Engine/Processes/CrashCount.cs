namespace Dewy.Engine.Processes;

/// <summary>Counts the ends in a row of one release that nobody asked for. Not thread-safe.</summary>
/// <param name="forgivenAfter">A release that lived longer than this begins anew.</param>
internal sealed class CrashCount(TimeSpan forgivenAfter)
{
    private LiveRelease? _release;
    private int _count;

    /// <summary>How many, where the release has now been alive for that long; zero where nothing runs.</summary>
    public int After(TimeSpan alive) => alive > forgivenAfter ? 0 : _count;

    /// <summary>Takes note of an end, or of a restart that came to nothing.</summary>
    public void Add(LiveRelease release, TimeSpan lived)
    {
        _count = IsSame(release) && lived <= forgivenAfter ? _count + 1 : 1;
        _release = release;
    }

    /// <summary>Takes note that a release was started for good: only one that is restarted after a crash keeps its count.</summary>
    public void Started(LiveRelease release, string reason)
    {
        if (!IsSame(release) || !string.Equals(reason, "crash", StringComparison.Ordinal))
            _count = 0;
        _release = release;
    }

    private bool IsSame(LiveRelease release) =>
        _release is { } known
        && string.Equals(known.Key, release.Key, StringComparison.Ordinal)
        && Equals(known.Digest, release.Digest)
        && string.Equals(known.Directory, release.Directory, StringComparison.Ordinal);
}

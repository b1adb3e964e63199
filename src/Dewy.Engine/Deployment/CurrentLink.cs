using Dewy.Engine.Files;

namespace Dewy.Engine.Deployment;

/// <summary>
/// The link <c>current</c>. Its target is written relative to the root (<c>releases/&lt;name&gt;</c>) where it is inside:
/// a root that is renamed, or mounted elsewhere by the container that serves its files, keeps working. Junctions on
/// Windows have no relative form.
/// </summary>
internal sealed class CurrentLink(RootLayout layout, IEngineEventSink events, TimeProvider timeProvider)
{
    /// <summary>Absolute path of the directory <c>current</c> points to, whether or not it is there; null where there is no such link.</summary>
    public string? Read() => LinkFile.ReadTarget(layout.Current);

    /// <summary>Whether <c>current</c> points to this directory.</summary>
    public bool PointsTo(string directory) =>
        Read() is { } target && PathComparer.Equals(target, Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)));

    /// <summary>Makes sure that <c>current</c> is a link or free, before work is spent on a release that could not be switched to.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.RootCorrupt"/>: a file or a real directory stands there.</exception>
    public void EnsureUsable()
    {
        if (Path.Exists(layout.Current) && Read() is null)
        {
            var kind = Directory.Exists(layout.Current) ? "a directory" : "a file";
            throw new DewyException(ErrorCode.RootCorrupt, $"{layout.Current} is {kind}, not the link Dewy switches.")
            {
                Phase = "switch",
                Target = layout.Current,
                NextStep = $"Move {layout.Current} away, or choose another --root; Dewy does not delete what it did not make.",
            };
        }
    }

    /// <summary>
    /// Points <c>current</c> at a release: a new link renamed over the old one, so that there is no moment without
    /// <c>current</c>. False where it points there already.
    /// </summary>
    /// <exception cref="DewyException">The directory is missing, something else stands at <c>current</c>, or the disk refuses.</exception>
    public bool Switch(string releaseDirectory)
    {
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(releaseDirectory));
        if (!Directory.Exists(target))
        {
            throw new DewyException(ErrorCode.ReleaseNotFound, $"The release directory {target} does not exist.")
            {
                Phase = "switch",
                Target = target,
                NextStep = "Deploy the release again, or choose one that is kept.",
            };
        }

        EnsureUsable();
        if (PointsTo(target))
            return false;
        try
        {
            var written = Path.GetRelativePath(layout.Root, target);
            var isInside = !written.StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(written);
            LinkFile.Replace(layout.Current, isInside ? written : target, toDirectory: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskFailure.ExplainAny(exception, layout.Current, "switch");
        }

        events.Publish(new CurrentSwitched(target, layout.Current) { Time = timeProvider.GetUtcNow() });
        return true;
    }

    /// <summary>Removes the link; for a root whose first deployment was interrupted, so that nothing dangles.</summary>
    public void Remove()
    {
        if (Read() is null)
            return;
        if (OperatingSystem.IsWindows())
            Directory.Delete(layout.Current);
        else
            File.Delete(layout.Current);
        DurableFile.SyncDirectory(layout.Root);
    }

    /// <summary>Removes temporary links that a crash left beside <c>current</c>.</summary>
    public void RemoveLeftovers()
    {
        foreach (var leftover in Directory.EnumerateFileSystemEntries(layout.Root, LinkFile.TemporaryPattern(layout.Current)).ToList())
        {
            if (LinkFile.ReadTarget(leftover) is not null)
                TreeRemoval.Delete(leftover, CancellationToken.None);
        }
    }

    private static StringComparer PathComparer =>
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
}

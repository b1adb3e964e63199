using Dewy.Engine.Files;

namespace Dewy.Engine.Deployment;

/// <summary>
/// Puts links to <c>&lt;root&gt;/shared/…</c> into a release before it is switched to: Capistrano's linked files and
/// directories. What the release has at such a path is replaced by the link.
/// </summary>
/// <remarks>
/// A path is a directory where <c>shared/</c> has one, where it was given with a slash at the end, or where the release
/// has one; such a one is created when <c>shared/</c> lacks it. Everything else is a file, and a missing file stops the
/// deployment. Targets are written relative, as <see cref="CurrentLink"/>'s is and for the same reason.
/// </remarks>
internal sealed class SharedLinks
{
    private const string Phase = "switch";

    private readonly RootLayout _layout;
    private readonly IReadOnlyList<SharedPath> _paths;

    /// <param name="layout">The root.</param>
    /// <param name="paths">The <c>--shared</c> options as given.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: a path is not allowed.</exception>
    public SharedLinks(RootLayout layout, IReadOnlyList<string> paths)
    {
        _layout = layout;
        _paths = SharedPath.ParseAll(paths);
    }

    /// <summary>Links everything shared into a release directory, complete or still partial. May be repeated.</summary>
    /// <exception cref="DewyException">
    /// <see cref="ErrorCode.SharedFileMissing"/> before anything is changed; <see cref="ErrorCode.ArchiveUnsafe"/> where a
    /// link in the release leads a path out of it; or the disk refuses.
    /// </exception>
    public void Apply(string releaseDirectory, CancellationToken cancellationToken)
    {
        var release = Path.TrimEndingDirectorySeparator(Path.GetFullPath(releaseDirectory));
        var kinds = _paths.Select(path => (Path: path, IsDirectory: Explaining(path, release, () => IsDirectory(path, release)))).ToList();
        foreach (var (path, isDirectory) in kinds)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _ = Explaining(path, release, () => Link(path, isDirectory, release, cancellationToken));
        }
    }

    private static T Explaining<T>(SharedPath path, string release, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskFailure.Explain(exception, path.Below(release), Phase)
                ?? Failure(ErrorCode.InvalidConfiguration, $"--shared {path} cannot be linked into {release}: {exception.Message}", path.Below(release), "Look at that path in the release and in shared/.");
        }
    }

    private bool IsDirectory(SharedPath path, string release)
    {
        var shared = path.Below(_layout.Shared);
        if (Directory.Exists(shared))
            return true;
        if (LinkFile.ReadTarget(shared) is not null && new FileInfo(shared).ResolveLinkTarget(returnFinalTarget: true) is not { Exists: true })
            throw Failure(ErrorCode.SharedFileMissing, $"{shared} is a link to something that is not there.", shared, "Repair the link, then deploy again.");
        if (File.Exists(shared))
        {
            return path.IsDirectory
                ? throw Failure(ErrorCode.InvalidConfiguration, $"{shared} is a file, but --shared {path} asks for a directory.", shared, "Take the slash off the option, or replace the file by a directory.")
                : false;
        }

        return path.IsDirectory || Directory.Exists(path.Below(release))
            ? true
            : throw Failure(ErrorCode.SharedFileMissing, $"The shared file {shared} does not exist.", shared, $"Create it, or write --shared {path}/ if it is a directory.");
    }

    /// <summary>False where the link is there already.</summary>
    private bool Link(SharedPath path, bool isDirectory, string release, CancellationToken cancellationToken)
    {
        var target = path.Below(_layout.Shared);
        if (isDirectory)
            Directory.CreateDirectory(target);
        var link = Path.Combine(ParentInside(path, release), path.Segments[^1]);
        var written = IsReached(_layout.Releases) ? Path.GetRelativePath(Path.GetDirectoryName(link) ?? release, target) : target;
        if (string.Equals(new FileInfo(link).LinkTarget, written, StringComparison.Ordinal))
            return false;
        if (new FileInfo(link).LinkTarget is null)
            TreeRemoval.Delete(link, cancellationToken);
        LinkFile.Replace(link, written, isDirectory);
        return true;
    }

    /// <summary>
    /// The directory the link goes into, created where missing, one name at a time: a link on the way is followed where
    /// it stays in the release, and refused where it does not.
    /// </summary>
    private static string ParentInside(SharedPath path, string release)
    {
        var directory = release;
        foreach (var segment in path.Segments.Take(path.Segments.Count - 1))
        {
            directory = Path.Combine(directory, segment);
            if (LinkFile.ReadTarget(directory) is not null)
            {
                var final = new DirectoryInfo(directory).ResolveLinkTarget(returnFinalTarget: true);
                if (final is not DirectoryInfo { Exists: true } || !IsInside(final.FullName, release))
                {
                    throw Failure(ErrorCode.ArchiveUnsafe, $"{directory} is a link that leads out of the release, so --shared {path} would be created elsewhere.", directory,
                        "Take the link out of the artifact, or share another path.");
                }

                directory = final.FullName;
            }
            else if (File.Exists(directory))
            {
                throw Failure(ErrorCode.InvalidConfiguration, $"The release has a file at {directory}, where --shared {path} needs a directory.", directory, "Correct the option or the artifact.");
            }
            else
            {
                Directory.CreateDirectory(directory);
            }
        }

        return directory;
    }

    /// <summary>Whether every link on the way was followed: ResolveLinkTarget looks only at the last name, so parents are asked too.</summary>
    private static bool IsInside(string path, string release)
    {
        for (var at = Path.GetFullPath(path); at is not null && at.Length > release.Length; at = Path.GetDirectoryName(at))
        {
            if (LinkFile.ReadTarget(at) is not null)
                return false;
        }

        return Path.GetFullPath(path).StartsWith(release + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    /// <summary>A way back up through <c>..</c> ends in the root only where <c>releases</c> itself is no link to elsewhere.</summary>
    private static bool IsReached(string releases) => LinkFile.ReadTarget(releases) is null;

    private static DewyException Failure(ErrorCode code, string message, string target, string nextStep) =>
        new(code, message) { Phase = Phase, Target = target, NextStep = nextStep };
}

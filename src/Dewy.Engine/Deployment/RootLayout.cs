using Dewy.Engine.Files;

namespace Dewy.Engine.Deployment;

/// <summary>Where things are in a root. Knows names; only <see cref="EnsureCreated"/> touches the disk.</summary>
internal sealed class RootLayout
{
    /// <summary>Name of the directory that is Dewy's alone.</summary>
    public const string PrivateName = ".dewy";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public RootLayout(string root)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        Root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        Releases = Path.Combine(Root, "releases");
        Current = Path.Combine(Root, "current");
        Shared = Path.Combine(Root, "shared");
        Private = Path.Combine(Root, PrivateName);
        ReleaseRecords = Path.Combine(Private, "releases");
        StateFile = Path.Combine(Private, "state.json");
        StateLockFile = Path.Combine(Private, "state.lock");
        HistoryFile = Path.Combine(Private, "history.jsonl");
        RotatedHistoryFile = Path.Combine(Private, "history.1.jsonl");
        HistoryLockFile = Path.Combine(Private, "history.lock");
        ProcessesFile = Path.Combine(Private, "processes.json");
        LockFile = Path.Combine(Private, "lock");
        AdminFile = Path.Combine(Private, "admin.json");
        AdminTokenFile = Path.Combine(Private, "admin.token");
        Cache = Path.Combine(Private, "cache");
        Log = Path.Combine(Private, "log");
    }

    /// <summary>Absolute path, without a separator at the end.</summary>
    public string Root { get; }

    /// <summary>One directory per release.</summary>
    public string Releases { get; }

    /// <summary>The link to the live release.</summary>
    public string Current { get; }

    /// <summary>What releases share: the targets of <c>--shared</c>. Created when needed.</summary>
    public string Shared { get; }

    /// <summary><c>.dewy</c>, mode 0700.</summary>
    public string Private { get; }

    /// <summary>One <c>&lt;release&gt;.json</c> per release directory Dewy made (<see cref="ReleaseRecord"/>).</summary>
    public string ReleaseRecords { get; }

    /// <summary><see cref="RootState"/>.</summary>
    public string StateFile { get; }

    public string StateLockFile { get; }

    /// <summary>One JSON line per deployment.</summary>
    public string HistoryFile { get; }

    /// <summary>The lines before those.</summary>
    public string RotatedHistoryFile { get; }

    public string HistoryLockFile { get; }

    /// <summary>The supervisor's own notes about what it started.</summary>
    public string ProcessesFile { get; }

    /// <summary>Held by the one process that deploys into the root (<see cref="RootLock"/>).</summary>
    public string LockFile { get; }

    /// <summary>Where the agent's admin API listens, while it does.</summary>
    public string AdminFile { get; }

    /// <summary>What an operator shows to the admin API, mode 0600.</summary>
    public string AdminTokenFile { get; }

    /// <summary>The local artifact cache, where no other was named.</summary>
    public string Cache { get; }

    /// <summary>The application's output, where it is written to files.</summary>
    public string Log { get; }

    /// <summary>Absolute path of a release directory.</summary>
    public string ReleaseDirectory(ReleaseName name) => Path.Combine(Releases, name.ToString());

    /// <summary>Creates what is missing of root, <c>releases/</c> and <c>.dewy/</c>, and makes sure that they can be written.</summary>
    /// <exception cref="DewyException">The root is not a directory, cannot be created, or cannot be written.</exception>
    public void EnsureCreated()
    {
        if (File.Exists(Root))
        {
            throw new DewyException(ErrorCode.InvalidOption, $"The root {Root} is a file, not a directory.")
            {
                Target = Root,
                NextStep = "Name a directory with --root.",
            };
        }

        Create(Root, mode: null);
        Create(Releases, mode: null);
        Create(Private, OwnerOnly);
        Create(ReleaseRecords, OwnerOnly);
        KeepPrivate();
        foreach (var directory in new[] { Root, Releases, Private })
            EnsureWritable(directory);
    }

    private static void Create(string directory, UnixFileMode? mode)
    {
        try
        {
            if (mode is { } value && !OperatingSystem.IsWindows())
                Directory.CreateDirectory(directory, value);
            else
                Directory.CreateDirectory(directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskFailure.Explain(exception, directory)
                ?? new DewyException(ErrorCode.InvalidOption, $"The directory {directory} cannot be created: {exception.Message}", exception)
                {
                    Target = directory,
                    NextStep = "Remove what stands in its way, or choose another --root.",
                };
        }
    }

    /// <summary>Tightens the mode of a <c>.dewy</c> that somebody else created; where that is not allowed it stays as it is.</summary>
    private void KeepPrivate()
    {
        if (OperatingSystem.IsWindows() || (File.GetUnixFileMode(Private) & ~OwnerOnly) == UnixFileMode.None)
            return;
        try
        {
            File.SetUnixFileMode(Private, OwnerOnly);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another user's directory: whether it can be written is found out next.
        }
    }

    private static void EnsureWritable(string directory)
    {
        var probe = Path.Combine(directory, $".dewy-probe-{Guid.NewGuid():N}");
        try
        {
            File.OpenHandle(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None).Dispose();
            File.Delete(probe);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A full disk is no reason not to start what is live; the next write will say so.
            if (DiskFailure.Explain(exception, directory) is { Code: not ErrorCode.DiskFull } failure)
                throw failure;
        }
    }
}

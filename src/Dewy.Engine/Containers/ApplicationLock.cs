using System.Globalization;
using System.Text;
using Dewy.Engine.Files;

namespace Dewy.Engine.Containers;

/// <summary>
/// The right to run containers of one name on this host: roots have locks of their own, but two agents with different
/// roots would remove each other's containers. Held by one process, and ends with it.
/// </summary>
internal sealed class ApplicationLock : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileLock _lock;

    private ApplicationLock(FileLock fileLock) => _lock = fileLock;

    /// <summary>Where locks are: <c>/run/dewy</c> for root, else the user's own <c>~/.local/state/dewy</c>.</summary>
    public static string Directory(IReadOnlyDictionary<string, string> environment, string userName)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (OperatingSystem.IsLinux() && userName is "root" && System.IO.Directory.Exists("/run"))
            return "/run/dewy";
        if (OperatingSystem.IsWindows())
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "Dewy", "run");
        return environment.TryGetValue("HOME", out var home) && System.IO.Directory.Exists(home)
            ? Path.Combine(home, ".local", "state", "dewy")
            : Path.Combine(Path.GetTempPath(), $"dewy-{userName}");
    }

    /// <summary>Takes the lock.</summary>
    /// <param name="directory">Where it is.</param>
    /// <param name="application">Name of the application.</param>
    /// <param name="hostName">This host's name: homes may be shared by several.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.RootLocked"/>, naming the holder; or the file cannot be written.</exception>
    public static async Task<ApplicationLock> AcquireAsync(string directory, string application, string hostName, CancellationToken cancellationToken)
    {
        var path = PathOf(directory, application, hostName);
        try
        {
            Create(directory);
            if (await FileLock.AcquireAsync(path, Patience, cancellationToken) is not { } acquired)
                throw Taken(path, application);
            acquired.WriteContent(Encoding.UTF8.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            return new ApplicationLock(acquired);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskFailure.ExplainAny(exception, path);
        }
    }

    /// <summary>Which process holds the lock: 0 for one that did not say; null where nobody does.</summary>
    /// <exception cref="IOException">It cannot be found out.</exception>
    public static int? TryReadHolder(string directory, string application, string hostName)
    {
        var path = PathOf(directory, application, hostName);
        return FileLock.IsHeld(path) ? ReadHolder(path) ?? 0 : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static string PathOf(string directory, string application, string hostName) => Path.Combine(directory, $"{FileName(application)}@{FileName(hostName)}.lock");

    private static int? ReadHolder(string path) =>
        int.TryParse(Encoding.UTF8.GetString(FileLock.ReadContent(path)).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var processId) ? processId : null;

    private static void Create(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            System.IO.Directory.CreateDirectory(directory);
            return;
        }

        System.IO.Directory.CreateDirectory(directory, OwnerOnly);
        if (new DirectoryInfo(directory).LinkTarget is not null)
            throw new IOException($"{directory} is a link; somebody may have put it there.");
        File.SetUnixFileMode(directory, OwnerOnly); // fails where it is somebody else's: the temporary directory is everybody's
    }

    private static DewyException Taken(string path, string application)
    {
        var who = ReadHolder(path) is { } processId ? $"process {processId}" : "another process";
        return new DewyException(ErrorCode.RootLocked, $"Containers of the application {application} are looked after by another agent on this host ({who}).")
        {
            Target = path,
            NextStep = "Stop that agent first, or give this application another name with --name.",
        };
    }

    private static string FileName(string text) =>
        string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_'));
}

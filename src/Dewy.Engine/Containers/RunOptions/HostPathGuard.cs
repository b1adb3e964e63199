namespace Dewy.Engine.Containers.RunOptions;

/// <summary>
/// Knows the paths on the host whose mount hands the host over: its root, and the sockets of container engines, however
/// they are spelled.
/// </summary>
internal sealed class HostPathGuard
{
    private const int MostLinks = 40; // as the kernel

    private static readonly string[] UsualSockets =
    [
        "/var/run/docker.sock", "/run/docker.sock", "/run/podman/podman.sock", "/run/containerd/containerd.sock", "/run/crio/crio.sock",
    ];

    private readonly string[] _sockets;
    private readonly bool _allowUnsafe;

    /// <param name="allowUnsafe">Whether everything may be mounted.</param>
    /// <param name="engineSocket">The engine's own socket, where it has one.</param>
    public HostPathGuard(bool allowUnsafe, string? engineSocket)
    {
        _allowUnsafe = allowUnsafe;
        string[] named = engineSocket is null ? UsualSockets : [.. UsualSockets, engineSocket];
        _sockets = [.. named.Concat(named.Select(Resolve)).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Why a path must not be mounted, the end of a sentence; null where it may be.</summary>
    /// <param name="path">An absolute path.</param>
    public string? Refusal(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (_allowUnsafe)
            return null;
        foreach (var spelling in new[] { Path.GetFullPath(path), Resolve(path) }.Select(Path.TrimEndingDirectorySeparator).Distinct(StringComparer.Ordinal))
        {
            if (LeadsThroughProcess(spelling))
                return "it leads through another process's view of the host";
            if (spelling == Path.GetPathRoot(spelling))
                return "it is the whole file system of the host";
            if (_sockets.FirstOrDefault(socket => socket == spelling) is { } same)
                return $"it is the container engine's socket ({same}): who has it, has the host";
            if (_sockets.FirstOrDefault(socket => socket.StartsWith(spelling + "/", StringComparison.Ordinal)) is { } within)
                return $"a container engine's socket is in it ({within}): who has it, has the host";
        }

        return null;
    }

    /// <summary>Looks again at paths that were let through: links may have been changed since.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: one of them leads where it must not.</exception>
    public void ThrowIfUnsafe(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        foreach (var path in paths)
        {
            if (Refusal(path) is { } why)
            {
                throw new DewyException(ErrorCode.InvalidOption, $"The mount of {path} is refused: {why}.")
                {
                    Phase = "start",
                    Target = path,
                    NextStep = "Mount another path, or give --allow-unsafe if that is meant.",
                };
            }
        }
    }

    /// <summary>The path without links and dots, as the kernel would walk it; what is not there stays as it is written.</summary>
    private static string Resolve(string path)
    {
        if (OperatingSystem.IsWindows())
            return Path.GetFullPath(path);
        var done = "/";
        var links = 0;
        var rest = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        while (rest.TryPop(out var name))
        {
            if (name is ".")
                continue;
            if (name is "..")
            {
                done = Path.GetDirectoryName(done) ?? "/";
                continue;
            }

            var next = Path.Combine(done, name);
            if (LinkTarget(next) is not { } target || ++links > MostLinks)
            {
                done = next;
                continue;
            }

            if (target.StartsWith('/'))
                done = "/";
            foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                rest.Push(part);
        }

        return done;
    }

    /// <summary>
    /// <c>/proc/1/root</c> and the like: links whose targets only the kernel knows, and which the engine, being root, may
    /// follow where the agent cannot even read them.
    /// </summary>
    private static bool LeadsThroughProcess(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries) is ["proc", _, .. var rest] && rest.Any(part => part is "root" or "cwd" or "fd" or "map_files");

    private static string? LinkTarget(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

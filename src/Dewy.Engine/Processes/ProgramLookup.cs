using System.Runtime.InteropServices;

namespace Dewy.Engine.Processes;

/// <summary>
/// Finds the file of a program as a shell would, and says precisely why it cannot be run: the exit codes 126 and 127 of a
/// shell, or a bare errno, tell nobody whether the file, its permission or its interpreter is to blame.
/// </summary>
internal static class ProgramLookup
{
    private const string DefaultPath = "/usr/local/bin:/usr/bin:/bin";

    /// <summary>The absolute path of an executable file.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.CommandNotFound"/> or <see cref="ErrorCode.CommandNotExecutable"/>.</exception>
    public static string Find(ProcessStart start)
    {
        if (start.Program.Length == 0)
            throw NotFound(start.Program, "The command is empty.", "Give the command after --.");
        var path = start.Program.Contains('/', StringComparison.Ordinal)
            ? At(start.WorkingDirectory, start.Program)
            : OnPath(start);
        if (Libc.Access(path, Libc.Existence) != 0)
            throw Unreachable(path, Marshal.GetLastPInvokeError());
        if (Directory.Exists(path))
            throw NotExecutable(path, $"{path} is a directory.", "Name the program inside it.");
        if (Libc.Access(path, Libc.ExecutePermission) != 0)
            throw NotExecutable(path, $"{path} is not executable for the agent's user.", "Set its permission (chmod +x) in the artifact, and keep the root on a file system mounted without noexec.");
        ExecutableFile.Check(path);
        return path;
    }

    private static string OnPath(ProcessStart start)
    {
        var search = start.Environment.TryGetValue("PATH", out var given) ? given : DefaultPath;
        string? found = null;
        foreach (var directory in search.Split(':'))
        {
            var candidate = Path.Combine(At(start.WorkingDirectory, directory), start.Program);
            if (!File.Exists(candidate))
                continue;
            if (Libc.Access(candidate, Libc.ExecutePermission) == 0)
                return candidate;
            found ??= candidate;
        }

        return found ?? throw NotFound(start.Program, $"{start.Program} is in no directory of PATH ({search}).", $"Install it, set PATH, or name its path, such as ./current/{start.Program}.");
    }

    // Not normalised: what stands behind ".." after a symbolic link is for the kernel to say.
    private static string At(string directory, string path) =>
        Path.Combine(directory, path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path);

    private static DewyException Unreachable(string path, int error)
    {
        if (error == Libc.AccessDenied)
            return NotExecutable(path, $"{path} is behind a directory that the agent's user may not enter.", "Set the permissions of the directories above it (chmod +x).");
        return new FileInfo(path).LinkTarget is { } target
            ? NotFound(path, $"{path} points to {target}, which does not exist.", "Check the link in the artifact.")
            : NotFound(path, $"{path} does not exist.", "Check the command, and that the artifact contains that file.");
    }

    private static DewyException NotFound(string target, string message, string nextStep) =>
        new(ErrorCode.CommandNotFound, message) { Phase = "start", Target = target, NextStep = nextStep };

    private static DewyException NotExecutable(string target, string message, string nextStep) =>
        new(ErrorCode.CommandNotExecutable, message) { Phase = "start", Target = target, NextStep = nextStep };
}

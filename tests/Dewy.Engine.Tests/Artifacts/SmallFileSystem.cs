using System.Diagnostics;
using Dewy.Tests;

namespace Dewy.Engine.Tests.Artifacts;

/// <summary>A tmpfs of a few megabytes that can be full and read-only; needs root on Linux.</summary>
internal sealed class SmallFileSystem : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private SmallFileSystem(string size) => Run("mount", "-t", "tmpfs", "-o", $"size={size}", "dewy-test", _directory.Path);

    public string Path => _directory.Path;

    /// <summary>Mounts one, or skips the test where that is not possible.</summary>
    public static SmallFileSystem Mount(string size)
    {
        Component.LinuxRoot();
        return new SmallFileSystem(size);
    }

    public void MakeReadOnly() => Run("mount", "-o", "remount,ro", Path);

    public void Dispose()
    {
        Run("umount", "-l", Path);
        _directory.Dispose();
    }

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true, UseShellExecute = false })!; // started without a shell: never null
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Component.Require("root", process.ExitCode == 0, $"{command} is not allowed here: {error}");
    }
}

using System.Diagnostics;
using Dewy.Tests;

namespace Dewy.EndToEnd.Tests.Failures;

/// <summary>A small tmpfs of its own, to fill up or to make read-only. Needs root on Linux; the test is skipped without.</summary>
internal sealed class SmallFileSystem : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public SmallFileSystem(int mebibytes)
    {
        Component.LinuxRoot();
        var failure = Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "dewy-test", Path);
        Component.Require("tmpfs", failure is null, $"a tmpfs cannot be mounted: {failure}");
    }

    public string Path => _directory.Path;

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Uses up every block.</summary>
    public void Fill()
    {
        using var stream = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
                stream.Write(block);
        }
        catch (IOException)
        {
            // Full, as wanted.
        }
    }

    public void Free() => File.Delete(Filler);

    public void MakeReadOnly()
    {
        if (Run("mount", "-o", "remount,ro", Path) is { } failure)
            throw new InvalidOperationException(failure);
    }

    public void Dispose()
    {
        _ = Run("umount", "-l", Path);
        _directory.Dispose();
    }

    private static string? Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!; // null only with UseShellExecute
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : error.Trim();
    }
}

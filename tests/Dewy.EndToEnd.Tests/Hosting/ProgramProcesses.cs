using System.Diagnostics;

namespace Dewy.EndToEnd.Tests.Hosting;

/// <summary>The processes of one root's application, found by the machine's word and not by Dewy's notes.</summary>
internal static class ProgramProcesses
{
    /// <summary>Ids of living processes that were started for a release of the root.</summary>
    public static IReadOnlyList<int> Of(string root)
    {
        var mark = $"DEWY_RELEASE_DIR={root}{Path.DirectorySeparatorChar}";
        return [.. Directory.EnumerateDirectories("/proc")
            .Select(directory => int.TryParse(Path.GetFileName(directory), out var id) ? id : 0)
            .Where(id => id > 0 && Read($"/proc/{id}/environ").Split('\0').Any(variable => variable.StartsWith(mark, StringComparison.Ordinal)))];
    }

    /// <summary>The release a process was started for; empty where it has ended meanwhile.</summary>
    public static string TagOf(int process) =>
        Read($"/proc/{process}/environ").Split('\0').FirstOrDefault(variable => variable.StartsWith("DEWY_TAG=", StringComparison.Ordinal))?["DEWY_TAG=".Length..] ?? "";

    /// <summary>Whether a process runs. One that has ended and that nobody waits for has no environment any more.</summary>
    public static bool IsRunning(int process) => Read($"/proc/{process}/environ").Length > 0;

    /// <summary>Kills whatever is left of a root's application.</summary>
    public static void Kill(string root)
    {
        foreach (var id in Of(root))
        {
            try
            {
                using var process = Process.GetProcessById(id);
                process.Kill();
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
            {
                // It has ended by itself.
            }
        }
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}

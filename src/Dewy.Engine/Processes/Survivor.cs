namespace Dewy.Engine.Processes;

/// <summary>What an earlier agent may have left running.</summary>
internal static class Survivor
{
    /// <summary>
    /// Whether anything of a recorded generation runs: its main process, or only children of that. Those are known by the
    /// group they are in and by the release directory in their environment, because a number alone may be a stranger's.
    /// </summary>
    public static bool IsRunning(GenerationRecord known)
    {
        if (ProcessIdentity.IsAlive(known.ProcessId, known.Identity))
            return true;
        if (!OperatingSystem.IsLinux() || known.Directory is null || ProcessIdentity.Of(known.ProcessId) is { } now && !string.Equals(now, known.Identity, StringComparison.Ordinal))
            return false;
        return ProcessTable.MembersOf(known.ProcessId).Any(member => HasInItsEnvironment(member, $"DEWY_RELEASE_DIR={known.Directory}"));
    }

    private static bool HasInItsEnvironment(int process, string variable)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/environ").Split('\0').Contains(variable, StringComparer.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

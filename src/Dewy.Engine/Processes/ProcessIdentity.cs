using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Dewy.Engine.Processes;

/// <summary>
/// Tells a process from a later one that got the same id, also for processes that are nobody's children here: those an
/// earlier agent left running.
/// </summary>
internal static partial class ProcessIdentity
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Boot id and start time on Linux, start time elsewhere; null where no such process is.</summary>
    public static string? Of(int processId)
    {
        if (OperatingSystem.IsLinux())
            return ProcessStatus.Read(processId) is { } status ? $"{BootId()}:{status.StartTicks}" : null;
        return OperatingSystem.IsMacOS() ? OnMac(processId) : OnWindows(processId);
    }

    /// <summary>Whether that very process still runs; one that ended and waits to be reaped does not.</summary>
    public static bool IsAlive(int processId, string identity)
    {
        if (processId <= 0 || identity.Length == 0)
            return false;
        if (OperatingSystem.IsLinux() && ProcessStatus.Read(processId) is { HasEnded: true })
            return false;
        return string.Equals(Of(processId), identity, StringComparison.Ordinal);
    }

    /// <summary>Signals a process's group (ends its tree, on Windows) where that very process still runs.</summary>
    /// <returns>False where it is gone, or may not be signalled.</returns>
    public static bool SignalGroup(int processId, string identity, int signal)
    {
        if (!IsAlive(processId, identity))
            return false;
        if (!OperatingSystem.IsWindows())
            return Libc.Kill(-processId, signal) == 0;
        try
        {
            using var process = Process.GetProcessById(processId);
            process.Kill(entireProcessTree: true);
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Completes within a tenth of a second of the end of a process that need not be a child of the agent.</summary>
    public static async Task WaitForExitAsync(int processId, string identity, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(WatchInterval, timeProvider);
        while (IsAlive(processId, identity))
            await timer.WaitForNextTickAsync(cancellationToken);
    }

    private static string BootId() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    private static unsafe string? OnMac(int processId)
    {
        // struct proc_bsdinfo of <sys/proc_info.h>: start time in seconds at 120 and microseconds at 128.
        const int flavor = 3; // PROC_PIDTBSDINFO
        var information = stackalloc ulong[17];
        return ProcessInformation(processId, flavor, 0, information, 136) == 136 ? $"{information[15]}.{information[16]}" : null;
    }

    private static string? OnWindows(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return process.HasExited ? null : process.StartTime.ToUniversalTime().Ticks.ToString();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    [LibraryImport("libproc", EntryPoint = "proc_pidinfo")]
    private static unsafe partial int ProcessInformation(int processId, int flavor, ulong argument, void* buffer, int bufferBytes);
}

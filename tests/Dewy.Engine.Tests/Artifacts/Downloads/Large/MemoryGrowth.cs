using System.Globalization;

namespace Dewy.Engine.Tests.Artifacts.Downloads.Large;

/// <summary>How much memory this process takes beyond what it had at some moment. Linux only.</summary>
internal sealed class MemoryGrowth
{
    private readonly long _resident;
    private readonly long _managed;

    private MemoryGrowth(long resident, long managed) => (_resident, _managed) = (resident, managed);

    /// <summary>Starts to measure; earlier peaks no longer count (proc(5): 5 written to clear_refs).</summary>
    public static MemoryGrowth Begin()
    {
        var managed = GC.GetTotalMemory(forceFullCollection: true);
        File.WriteAllText("/proc/self/clear_refs", "5");
        return new MemoryGrowth(Status("VmRSS"), managed);
    }

    /// <summary>Bytes of the highest resident memory since above the resident memory then.</summary>
    public long PeakResident => Math.Max(0, Status("VmHWM") - _resident);

    /// <summary>Bytes of live objects above those then.</summary>
    public long Managed => Math.Max(0, GC.GetTotalMemory(forceFullCollection: true) - _managed);

    private static long Status(string name) => File.ReadLines("/proc/self/status")
        .Where(line => line.StartsWith(name + ":", StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10)
        .Single();
}

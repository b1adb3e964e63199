using System.Globalization;

namespace Dewy.Engine.Processes;

/// <summary>The processes of this machine as <c>/proc</c> shows them (proc(5)). Linux only.</summary>
internal static class ProcessTable
{
    /// <summary>Processes of a process group, and all that descend from its leader whatever group they moved to.</summary>
    public static IReadOnlyList<int> MembersOf(int processGroup)
    {
        var all = Read();
        var members = all.Where(process => process.Status.GroupId == processGroup || process.Id == processGroup).Select(process => process.Id).ToHashSet();
        int before;
        do
        {
            before = members.Count;
            members.UnionWith(all.Where(process => members.Contains(process.Status.ParentId)).Select(process => process.Id));
        }
        while (members.Count > before);
        return [.. members];
    }

    /// <summary>Whether a process group has members that still run; zombies do not.</summary>
    public static bool HasLiving(int processGroup) => Read().Any(process => process.Status.GroupId == processGroup && !process.Status.HasEnded);

    /// <summary>All there are, those that have ended and were not waited for among them.</summary>
    public static IReadOnlyList<(int Id, ProcessStatus Status)> Read()
    {
        var processes = new List<(int, ProcessStatus)>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && ProcessStatus.Read(id) is { } status)
                processes.Add((id, status));
        }

        return processes;
    }
}

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

    /// <summary>Whether a process has a descriptor of something, such as <c>socket:[4711]</c>; null where its descriptors may not be read.</summary>
    public static bool? Holds(int process, string link)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Any(descriptor => string.Equals(LinkTarget(descriptor), link, StringComparison.Ordinal));
        }
        catch (Exception exception) when (exception is DirectoryNotFoundException or FileNotFoundException)
        {
            return false; // it is gone
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
        catch (IOException)
        {
            return Directory.Exists($"/proc/{process}") ? null : false;
        }
    }

    private static string? LinkTarget(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget;
        }
        catch (IOException)
        {
            return null; // closed meanwhile
        }
    }

    private static List<Entry> Read()
    {
        var entries = new List<Entry>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && ProcessStatus.Read(id) is { } status)
                entries.Add(new Entry(id, status));
        }

        return entries;
    }

    private readonly record struct Entry(int Id, ProcessStatus Status);
}

using System.Globalization;

namespace Dewy.Engine.Processes;

/// <summary>The processes of this machine as <c>/proc</c> shows them (proc(5)). Linux only.</summary>
internal static class ProcessTable
{
    /// <summary>Processes of a process group, and all that descend from its leader whatever group they moved to.</summary>
    public static IReadOnlyList<int> MembersOf(int processGroup)
    {
        var all = Read();
        var members = all.Where(process => process.Group == processGroup || process.Id == processGroup).Select(process => process.Id).ToHashSet();
        int before;
        do
        {
            before = members.Count;
            members.UnionWith(all.Where(process => members.Contains(process.Parent)).Select(process => process.Id));
        }
        while (members.Count > before);
        return [.. members];
    }

    /// <summary>Whether a process group has members that still run; zombies do not.</summary>
    public static bool HasLiving(int processGroup) => Read().Any(process => process.Group == processGroup && process.State is not ('Z' or 'X'));

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
            if (int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && ReadEntry(id) is { } entry)
                entries.Add(entry);
        }

        return entries;
    }

    private static Entry? ReadEntry(int id)
    {
        try
        {
            // "pid (name) state parent group …": the name may hold spaces and parentheses itself.
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', 4, StringSplitOptions.RemoveEmptyEntries);
            return new Entry(id, fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture), int.Parse(fields[2], CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // ended while we looked
        }
    }

    private readonly record struct Entry(int Id, char State, int Parent, int Group);
}

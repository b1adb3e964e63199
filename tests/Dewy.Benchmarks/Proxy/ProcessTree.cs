using System.Globalization;

namespace Dewy.Benchmarks.Proxy;

/// <summary>A process and its descendants, as /proc shows them (proc(5)).</summary>
internal static class ProcessTree
{
    /// <summary>Ticks of the times in /proc: USER_HZ, which is 100 everywhere that .NET runs on Linux.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <summary>Time that all of them have spent on a processor, in user and system mode.</summary>
    public static TimeSpan ProcessorTime(int root)
    {
        var all = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder.AsSpan()), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .Select(Read)
            .OfType<(int Id, int Parent, long Ticks)>()
            .ToArray();
        var tree = new HashSet<int> { root };
        while (all.Count(process => tree.Contains(process.Parent) && tree.Add(process.Id)) > 0)
        {
            // Children of those that were just found.
        }

        return Tick * all.Where(process => tree.Contains(process.Id)).Sum(process => process.Ticks);
    }

    /// <returns>Null where it has ended meanwhile.</returns>
    private static (int Id, int Parent, long Ticks)? Read(int id)
    {
        try
        {
            // The second field is the name in brackets, and may hold anything.
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (id, int.Parse(fields[1], CultureInfo.InvariantCulture), long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

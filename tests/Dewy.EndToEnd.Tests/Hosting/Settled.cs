using Dewy.Engine.Deployment;
using Dewy.Engine.Processes;
using Dewy.Tests;

namespace Dewy.EndToEnd.Tests.Hosting;

/// <summary>What must be true of a root whenever nothing is being deployed into it.</summary>
internal static class Settled
{
    private const string Description = ".dewy.json";

    /// <summary>Waits until all is well; fails with what is not.</summary>
    public static async Task WaitAsync(SampleApplication application, string live, IReadOnlyList<string> kept, bool runs = true)
    {
        IReadOnlyList<string> faults = [];
        try
        {
            await Eventually.IsTrueAsync(() => (faults = Faults(application, live, kept, runs)).Count == 0, "the root settles", TimeSpan.FromSeconds(20));
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"The root does not settle: {string.Join("; ", faults)}", exception);
        }
    }

    /// <summary>Everything that is not as it must be; empty where all is well.</summary>
    /// <param name="application">The application.</param>
    /// <param name="live">The tag that must be live.</param>
    /// <param name="kept">Tags of all releases that may be kept, the live one included.</param>
    /// <param name="runs">Whether its program must run.</param>
    public static IReadOnlyList<string> Faults(SampleApplication application, string live, IReadOnlyList<string> kept, bool runs)
    {
        try
        {
            return Look(application, live, kept, runs);
        }
        catch (IOException exception)
        {
            return [$"changes while one looks: {exception.Message}"];
        }
    }

    private static List<string> Look(SampleApplication application, string live, IReadOnlyList<string> kept, bool runs)
    {
        var faults = new List<string>();
        var root = application.Observed;
        var state = root.State.Read();
        if (state.Current?.Tag != live)
            faults.Add($"the state has {state.Current?.Tag ?? "nothing"} as live, not {live}");
        if (state.Attempt is not null)
            faults.Add($"the attempt {state.Attempt.Id} never ended");
        if (root.Current.Read() != state.Current?.Directory)
            faults.Add($"current points to {root.Current.Read()}, the state says {state.Current?.Directory}");
        faults.AddRange(Content(root.Layout.Current, live));
        faults.AddRange(Releases(root, kept, state));
        faults.AddRange(Leftovers(root.Layout));
        if (application.Mode == DeploymentMode.Server)
            faults.AddRange(Processes(root.Layout, live, runs));
        return faults;
    }

    /// <summary>A release directory that is of one release, first file and last.</summary>
    public static IEnumerable<string> Content(string directory, string tag)
    {
        foreach (var name in new[] { "a-version.txt", "z-version.txt" })
        {
            var path = Path.Combine(directory, name);
            var text = File.Exists(path) ? File.ReadAllText(path) : "nothing";
            if (text != tag)
                yield return $"{path} has {text}, not {tag}";
        }
    }

    private static IEnumerable<string> Releases(DeploymentRoot root, IReadOnlyList<string> kept, RootState state)
    {
        var known = root.Releases.List();
        foreach (var path in Directory.EnumerateFileSystemEntries(root.Layout.Releases))
        {
            var release = known.FirstOrDefault(release => release.Path == path);
            if (release is { IsGood: false } && state.Blocked.Any(blocked => blocked.Tag == release.Record.Tag))
                continue; // withdrawn; it goes when releases are pruned next
            if (release is not { IsGood: true })
                yield return $"{path} is {(release is null ? "nobody's" : "not good")}";
            else if (!kept.Contains(release.Record.Tag))
                yield return $"{path} of {release.Record.Tag} is still there";
            else
            {
                foreach (var fault in Content(path, release.Record.Tag))
                    yield return fault;
            }
        }

        foreach (var twice in known.GroupBy(release => release.Record.Tag).Where(group => group.Count() > 1))
            yield return $"{twice.Key} is there {twice.Count()} times";
        foreach (var record in Directory.EnumerateFiles(root.Layout.ReleaseRecords))
        {
            if (!Directory.Exists(Path.Combine(root.Layout.Releases, Path.GetFileNameWithoutExtension(record))))
                yield return $"{record} is of no release";
        }
    }

    private static IEnumerable<string> Leftovers(RootLayout layout)
    {
        string[] expected = ["state.json", "state.lock", "history.jsonl", "history.lock", "processes.json", "lock", "cache", "log", "releases"];
        foreach (var path in Directory.EnumerateFileSystemEntries(layout.Private).Where(path => !expected.Contains(Path.GetFileName(path))))
            yield return $"{path} was left";
        string[] top = ["releases", "current", ".dewy"];
        foreach (var path in Directory.EnumerateFileSystemEntries(layout.Root).Where(path => !top.Contains(Path.GetFileName(path))))
            yield return $"{path} was left";
        if (!Directory.Exists(layout.Cache))
            yield break;
        var quarantine = Path.Combine(layout.Cache, "quarantine") + Path.DirectorySeparatorChar; // kept for people to look at
        foreach (var path in Directory.EnumerateFiles(layout.Cache, "*", SearchOption.AllDirectories).Where(path => !path.StartsWith(quarantine, StringComparison.Ordinal)))
        {
            var name = Path.GetFileName(path);
            var other = name.EndsWith(Description, StringComparison.Ordinal) ? path[..^Description.Length] : path + Description;
            if (!File.Exists(other) && !Path.GetRelativePath(layout.Cache, path).StartsWith('.'))
                yield return $"{path} was left in the cache";
        }
    }

    private static IEnumerable<string> Processes(RootLayout layout, string live, bool runs)
    {
        var record = new RunRecord(layout.ProcessesFile);
        record.Load();
        var running = ProgramProcesses.Of(layout.Root);
        if (!runs)
        {
            if (running.Count > 0)
                yield return $"the processes {string.Join(", ", running)} still run";
            if (record.Generations.Count > 0)
                yield return $"{record.Generations.Count} generations are written down though none runs";
            yield break;
        }

        if (record.Generations is not [var only])
        {
            yield return $"the generations {string.Join(", ", record.Generations.Select(generation => $"{generation.Generation} of {generation.Tag}"))} are written down";
            yield break;
        }

        if (only.Tag != live || !only.Ready)
            yield return $"{only.Tag} runs{(only.Ready ? "" : ", not ready")}; live is {live}";
        if (running.Count != 1 || running[0] != only.ProcessId)
            yield return $"the processes {string.Join(", ", running)} run; written down is {only.ProcessId}";
    }
}

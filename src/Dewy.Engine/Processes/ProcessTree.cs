namespace Dewy.Engine.Processes;

/// <summary>
/// A child with all that descends from it. Its group is signalled as a whole; descendants that left the group (a shell with
/// job control, <c>setsid</c>) are found through their parents on Linux as long as those live, and remembered.
/// </summary>
internal sealed class ProcessTree(IChildProcess child)
{
    private readonly Dictionary<int, string> _outsiders = [];

    /// <summary>Signals every process of the tree.</summary>
    public void Signal(int signal)
    {
        Remember();
        child.Signal(signal);
        foreach (var (processId, identity) in _outsiders)
        {
            if (ProcessIdentity.IsAlive(processId, identity))
                _ = Libc.Kill(processId, signal);
        }
    }

    /// <summary>Whether anything of the tree still runs; always false for the group on systems without <c>/proc</c> once the child has ended.</summary>
    public bool IsAlive()
    {
        if (!child.Exited.IsCompleted)
            return true;
        if (!OperatingSystem.IsLinux())
            return false;
        Remember();
        return _outsiders.Any(outsider => ProcessIdentity.IsAlive(outsider.Key, outsider.Value))
            || ProcessTable.Read().Any(process => process.Status.GroupId == child.Id && !process.Status.HasEnded);
    }

    private void Remember()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var processes = ProcessTable.Read();
        var childrenOf = processes.ToLookup(process => process.Status.ParentId);
        var roots = processes.Where(process => process.Status.GroupId == child.Id).Select(process => process.Id)
            .Concat(_outsiders.Where(outsider => ProcessIdentity.IsAlive(outsider.Key, outsider.Value)).Select(outsider => outsider.Key));
        var pending = new Queue<int>(roots);
        var seen = new HashSet<int>(pending);
        while (pending.TryDequeue(out var parent))
        {
            foreach (var (id, status) in childrenOf[parent].Where(descendant => seen.Add(descendant.Id)))
            {
                pending.Enqueue(id);
                if (status.GroupId != child.Id && ProcessIdentity.Of(id) is { } identity)
                    _outsiders[id] = identity;
            }
        }
    }
}

namespace Dewy.Engine.Processes;

/// <summary>
/// Comes by the listening sockets: those socket activation handed to the agent, else those that programs of an earlier
/// agent still hold, else new ones. As long as one copy of a socket is open anywhere no connection is refused.
/// </summary>
internal sealed class SocketOpening(IReadOnlyDictionary<string, string> environment, Func<Generation, Task> endAsync, Action<string, string?, string> warn)
{
    /// <summary>Opens all, in order.</summary>
    /// <param name="wanted">Addresses; none means those of the inherited sockets.</param>
    /// <param name="survivors">Programs of an earlier agent. One whose socket is needed and cannot be taken is ended.</param>
    public async Task<IReadOnlyList<ListeningSocket>> OpenAsync(IReadOnlyList<ListenAddress> wanted, IReadOnlyList<Generation> survivors)
    {
        using var inherited = InheritedSockets.FromEnvironment(environment, Environment.ProcessId);
        if (wanted.Count == 0)
            wanted = inherited.Addresses;
        var holders = survivors.OrderByDescending(survivor => survivor.Number).ToList();
        var opened = new ListeningSocket?[wanted.Count];
        try
        {
            for (var index = 0; index < wanted.Count; index++)
                opened[index] = inherited.Take(wanted[index]) ?? TakeFrom(holders, wanted[index], index);
            await EndStubbornAsync(holders, [.. wanted.Where((_, index) => opened[index] is null)]);
            for (var index = 0; index < wanted.Count; index++)
                opened[index] ??= ListeningSocket.Open(wanted[index]);
            return [.. opened.OfType<ListeningSocket>()];
        }
        catch
        {
            foreach (var socket in opened)
                socket?.Dispose();
            throw;
        }
    }

    private static ListeningSocket? TakeFrom(List<Generation> holders, ListenAddress wanted, int index)
    {
        foreach (var holder in holders)
        {
            var address = wanted.Port == 0 ? Remembered(holder, wanted, index) : wanted;
            if (address is null || !holder.Record.Listen.Contains(address.Spec, StringComparer.Ordinal))
                continue;
            var processes = OperatingSystem.IsLinux() ? ProcessTable.MembersOf(holder.Process.Id) : [];
            foreach (var process in processes)
            {
                if (SocketTakeover.TryTake(process, address) is { } socket)
                {
                    socket.RemoveFile(); // bound by an agent, so an agent's to remove
                    return socket;
                }
            }
        }

        return null;
    }

    /// <summary>Any free port was asked for: the one that was found last time.</summary>
    private static ListenAddress? Remembered(Generation holder, ListenAddress wanted, int index)
    {
        if (index >= holder.Record.Listen.Count)
            return null;
        var address = ListenAddress.ParseAll([holder.Record.Listen[index]])[0];
        return string.Equals(address.Host, wanted.Host, StringComparison.Ordinal) && address.Path is null ? address : null;
    }

    private async Task EndStubbornAsync(List<Generation> holders, IReadOnlyList<ListenAddress> missing)
    {
        foreach (var holder in holders.Where(holder => missing.Any(address => Blocks(holder, address))))
        {
            warn(
                $"The sockets of {holder}, which an earlier agent left running, could not be taken over; connections may be refused until it is replaced.",
                string.Join(", ", holder.Record.Listen),
                "Run the agent as the same user as before, allow it to trace its programs (kernel.yama.ptrace_scope), or let systemd hold the sockets.");
            await endAsync(holder);
        }
    }

    /// <summary>Whether it keeps an address from being listened on, or should listen there and does not. One that drains may have closed its sockets: nobody has to wait for that.</summary>
    private static bool Blocks(Generation holder, ListenAddress address) =>
        holder.Record.Listen.Contains(address.Spec, StringComparer.Ordinal)
        && (holder.Record.StoppingSince is null || !OperatingSystem.IsLinux() || ListeningTable.Find("self", address).Count > 0);
}

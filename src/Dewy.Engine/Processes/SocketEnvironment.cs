namespace Dewy.Engine.Processes;

/// <summary>
/// The variables by which a program learns of its sockets: Server::Starter's, which count descriptors from 3 here, and
/// systemd's (sd_listen_fds(3)). <c>LISTEN_PID</c> only the child itself can set; see <see cref="ProcessStart.SetListenPid"/>.
/// </summary>
internal static class SocketEnvironment
{
    private const int FirstDescriptor = 3;

    /// <summary>Variables that speak to one process alone, which a child must not take for its own.</summary>
    private static readonly string[] Personal =
    [
        "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "LISTEN_PIDFDID", "SERVER_STARTER_PORT", "SERVER_STARTER_GENERATION",
        "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "MAINPID",
    ];

    /// <summary>Takes away what was meant for the agent itself.</summary>
    public static void RemovePersonal(IDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        foreach (var name in Personal)
            environment.Remove(name);
    }

    /// <summary>Tells of sockets that the child gets as descriptors 3, 4, 5 … in this order.</summary>
    /// <param name="environment">The environment of the child.</param>
    /// <param name="sockets">In the order of <see cref="ProcessStart.Sockets"/>; none sets the generation alone.</param>
    /// <param name="generation">Counted from 1, failed starts included.</param>
    public static void Describe(IDictionary<string, string> environment, IReadOnlyList<ListenAddress> sockets, int generation)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(sockets);
        environment["SERVER_STARTER_GENERATION"] = $"{generation}";
        if (sockets.Count == 0)
            return;
        environment["SERVER_STARTER_PORT"] = string.Join(';', sockets.Select((address, index) => $"{address.Spec}={FirstDescriptor + index}"));
        environment["LISTEN_FDS"] = $"{sockets.Count}";
        environment["LISTEN_FDNAMES"] = string.Join(':', sockets.Select(NameOf));
    }

    // A name may be anything of at most 255 characters without a colon or control character.
    private static string NameOf(ListenAddress address) =>
        address.Port is { } port ? $"{port}" : Path.GetFileName(address.Path ?? "").Replace(':', '_');
}

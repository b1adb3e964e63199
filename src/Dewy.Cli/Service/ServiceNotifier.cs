using System.Net.Sockets;
using System.Text;

namespace Dewy.Cli.Service;

/// <summary>Tells systemd how the service is (sd_notify(3)); does nothing where no one listens.</summary>
internal sealed class ServiceNotifier : IDisposable
{
    private static readonly string[] Variables = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"];

    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _manager;

    private ServiceNotifier(string? address, TimeSpan? watchdog)
    {
        Watchdog = watchdog;
        if (string.IsNullOrEmpty(address) || address[0] is not ('/' or '@') || !Socket.OSSupportsUnixDomainSockets)
            return;

        // An @ stands for the NUL byte that begins a name in Linux' abstract namespace.
        _manager = new UnixDomainSocketEndPoint(address[0] == '@' ? '\0' + address[1..] : address);
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
    }

    /// <summary>Within what time systemd wants a sign of life; null where it wants none.</summary>
    public TimeSpan? Watchdog { get; }

    /// <summary>
    /// Reads the socket out of an environment and takes the variables away from this process, so that no child can speak
    /// for the agent.
    /// </summary>
    public static ServiceNotifier TakeFrom(IReadOnlyDictionary<string, string> environment)
    {
        foreach (var name in Variables)
            Environment.SetEnvironmentVariable(name, null);

        environment.TryGetValue("NOTIFY_SOCKET", out var address);
        return new ServiceNotifier(address, WatchdogOf(environment));
    }

    /// <summary>Sends lines such as <c>READY=1</c>.</summary>
    public void Send(params ReadOnlySpan<string> lines)
    {
        if (_socket is null || _manager is null)
            return;

        try
        {
            _socket.SendTo(Encoding.UTF8.GetBytes(string.Join('\n', lines)), _manager);
        }
        catch (SocketException)
        {
            // The manager is gone or its queue is full; the next message or the watchdog will tell it.
        }
    }

    public void Dispose() => _socket?.Dispose();

    private static TimeSpan? WatchdogOf(IReadOnlyDictionary<string, string> environment)
    {
        if (!environment.TryGetValue("WATCHDOG_USEC", out var text) || !long.TryParse(text, out var microseconds) || microseconds is <= 0 or > int.MaxValue * 1000L)
            return null;

        var meantForUs = !environment.TryGetValue("WATCHDOG_PID", out var pid) || string.Equals(pid, Environment.ProcessId.ToString(), StringComparison.Ordinal);
        return meantForUs ? TimeSpan.FromMicroseconds(microseconds) : null;
    }
}

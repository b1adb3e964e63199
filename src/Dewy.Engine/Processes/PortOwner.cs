using System.Globalization;

namespace Dewy.Engine.Processes;

/// <summary>Finds the process that listens on an address, to name it in an error. Linux only; elsewhere nothing is found.</summary>
internal static class PortOwner
{
    /// <summary><c> by nginx (process 812)</c>, or empty where it cannot be found: it may be another user's.</summary>
    public static string Describe(ListenAddress address) => Find(address) is [var first, ..] ? $" by {NameOf(first)} (process {first})" : "";

    /// <summary>Processes that hold a socket which listens on an address; none where it cannot be found out.</summary>
    public static IReadOnlyList<int> Find(ListenAddress address)
    {
        var inodes = ListeningTable.Find("self", address);
        return inodes.Count == 0
            ? []
            : [.. Directory.EnumerateDirectories("/proc")
                .Select(Path.GetFileName)
                .Where(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _) && SocketDescriptors.Find(name, inodes).Count > 0)
                .Select(name => int.Parse(name ?? "", CultureInfo.InvariantCulture))
                .Order()];
    }

    /// <summary>What a process calls itself.</summary>
    public static string NameOf(int processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/comm").Trim();
        }
        catch (IOException)
        {
            return "a program";
        }
    }

    /// <summary>Whether somebody listens on a loopback port and it is known to be none of a process group.</summary>
    public static bool IsAnother(int port, int processGroup)
    {
        var address = new ListenAddress($"127.0.0.1:{port}", "127.0.0.1", port, Path: null);
        var inodes = ListeningTable.Find("self", address);
        return inodes.Count > 0
            && !ProcessTable.MembersOf(processGroup).Any(process => SocketDescriptors.Find($"{process}", inodes).Count > 0)
            && Describe(address).Length > 0;
    }

    /// <inheritdoc cref="Describe(ListenAddress)"/>
    public static string Describe(string path) => Describe(new ListenAddress(path, Host: null, Port: null, path));
}

using System.Globalization;

namespace Dewy.Engine.Processes;

/// <summary>Finds the process that listens on an address, to name it in an error. Linux only; elsewhere nothing is found.</summary>
internal static class PortOwner
{
    /// <summary><c> by nginx (process 812)</c>, or empty where it cannot be found: it may be another user's.</summary>
    public static string Describe(ListenAddress address)
    {
        var inodes = ListeningTable.Find("self", address);
        if (inodes.Count == 0)
            return "";
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            var id = Path.GetFileName(directory);
            if (int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _) && SocketDescriptors.Find(id, inodes).Count > 0)
                return $" by {NameOf(id)} (process {id})";
        }

        return "";
    }

    /// <inheritdoc cref="Describe(ListenAddress)"/>
    public static string Describe(string path) => Describe(new ListenAddress(path, Host: null, Port: null, path));

    private static string NameOf(string processId)
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
}

using System.Globalization;

namespace Dewy.Engine.Processes;

/// <summary>Which descriptors of a process are which sockets. Linux only.</summary>
internal static class SocketDescriptors
{
    private const string Prefix = "socket:[";

    /// <summary>Descriptors of a process that are one of these sockets; none where the process is gone or another user's.</summary>
    public static IReadOnlyList<int> Find(string process, IReadOnlySet<ulong> inodes)
    {
        try
        {
            return [.. Directory.EnumerateFiles($"/proc/{process}/fd")
                .Where(link => InodeOf(link) is { } inode && inodes.Contains(inode))
                .Select(link => int.Parse(Path.GetFileName(link), CultureInfo.InvariantCulture))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Whether a process has a descriptor of a socket; null where its descriptors may not be read.</summary>
    public static bool? Holds(int process, ulong inode)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{process}/fd").Any(link => InodeOf(link) == inode);
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

    private static ulong? InodeOf(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget is { } target && target.StartsWith(Prefix, StringComparison.Ordinal)
                && ulong.TryParse(target.AsSpan(Prefix.Length, target.Length - Prefix.Length - 1), CultureInfo.InvariantCulture, out var inode)
                ? inode
                : null;
        }
        catch (IOException)
        {
            return null; // closed meanwhile
        }
    }
}

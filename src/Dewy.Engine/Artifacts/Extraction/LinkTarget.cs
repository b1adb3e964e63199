using System.Text;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>Decides whether a symbolic link stays inside the release.</summary>
internal static class LinkTarget
{
    /// <summary>Longest text of a link in bytes: PATH_MAX of Linux without its NUL.</summary>
    public const int MaxLength = 4095;

    /// <summary>Most links followed for one path; Linux gives up after 40, Windows after 63.</summary>
    private const int MaxHops = 64;

    /// <summary>
    /// Refuses what leaves the release by its text alone. The parent directories of a link are real directories, so
    /// leading <c>..</c> components mean exactly what they say.
    /// </summary>
    /// <param name="name">The entry's name in the archive, for the error.</param>
    /// <param name="path">The link's path inside the release.</param>
    /// <param name="target">The link's text.</param>
    /// <param name="windows">Whether a backslash separates directories.</param>
    /// <returns>True when the text settles it; false when a <c>..</c> follows a name that might be a link itself, and <see cref="Resolve"/> has to look.</returns>
    public static bool CheckText(string name, string path, string target, bool windows)
    {
        if (target.Length == 0 || target.Contains('\0', StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(target) > MaxLength)
            throw ArchiveFailure.Unsafe(name, "it is a symbolic link with an impossible target");
        if (EntryPath.IsRooted(target))
            throw ArchiveFailure.Unsafe(name, $"it is a symbolic link to the absolute path '{ArchiveFailure.Show(target)}'");

        var depth = path.Count(character => character == '/');
        var components = Split(target, windows).ToArray();
        var up = components.TakeWhile(component => component is "..").Count();
        return up <= depth ? !components.Skip(up).Contains("..", StringComparer.Ordinal) : throw Escapes(name, target);
    }

    /// <summary>Follows a link through the extracted tree the way the kernel would, and refuses it when it leaves on the way.</summary>
    /// <param name="name">The entry's name in the archive, for the error.</param>
    /// <param name="path">The link's path inside the release.</param>
    /// <param name="target">The link's text.</param>
    /// <param name="windows">Whether a backslash separates directories.</param>
    /// <param name="readLink">The text of the link at a path inside the release; null when there is no link there.</param>
    public static void Resolve(string name, string path, string target, bool windows, Func<string, string?> readLink)
    {
        var current = path.Split('/')[..^1].ToList();
        var pending = new Stack<string>(Split(target, windows).Reverse());
        var hops = 0;
        while (pending.TryPop(out var component))
        {
            if (component is "..")
            {
                if (current.Count == 0)
                    throw Escapes(name, target);
                current.RemoveAt(current.Count - 1);
                continue;
            }

            current.Add(component);
            if (readLink(string.Join('/', current)) is not { } next)
                continue;
            if (++hops > MaxHops)
                throw ArchiveFailure.Unsafe(name, $"it is a symbolic link to '{ArchiveFailure.Show(target)}', which goes through more than {MaxHops} other links");
            current.RemoveAt(current.Count - 1);
            foreach (var part in Split(next, windows).Reverse())
                pending.Push(part);
        }
    }

    private static IEnumerable<string> Split(string target, bool windows) =>
        target.Split(windows ? ['/', '\\'] : ['/'], StringSplitOptions.RemoveEmptyEntries).Where(component => component is not ".");

    private static DewyException Escapes(string name, string target) =>
        ArchiveFailure.Unsafe(name, $"it is a symbolic link to '{ArchiveFailure.Show(target)}', outside the release");
}

using System.Text;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>
/// Turns an entry's name into a path inside the release: components joined by <c>/</c>, empty for the release itself.
/// What is refused is refused on every platform where that costs nobody anything, so that an artifact that deploys here
/// deploys elsewhere; names that only Windows cannot have are refused there.
/// </summary>
internal static class EntryPath
{
    /// <summary>Longest name as a whole, in bytes of UTF-8: with the root before it still below Linux' PATH_MAX of 4096.</summary>
    public const int MaxLength = 3072;

    /// <summary>Longest component: NAME_MAX of the usual file systems.</summary>
    public const int MaxComponentLength = 255;

    /// <summary>Most components.</summary>
    public const int MaxDepth = 256;

    private static readonly string[] WindowsDevices =
        ["CON", "PRN", "AUX", "NUL", "CLOCK$", "CONIN$", "CONOUT$", "COM0", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "LPT0", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9"];

    /// <summary>Checks and normalizes a name.</summary>
    /// <param name="name">The name in the archive.</param>
    /// <param name="backslashSeparates">Whether a backslash separates directories; always so on Windows.</param>
    /// <param name="windows">Whether the rules of Windows hold.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.ArchiveUnsafe"/>, with the name.</exception>
    public static string Normalize(string name, bool backslashSeparates, bool windows)
    {
        if (name.Length == 0)
            throw ArchiveFailure.Unsafe(name, "it has no name");
        if (name.Contains('\0', StringComparison.Ordinal))
            throw ArchiveFailure.Unsafe(name, "its name contains a NUL");
        if (IsRooted(name))
            throw ArchiveFailure.Unsafe(name, "its name is an absolute path");
        if (Encoding.UTF8.GetByteCount(name) > MaxLength)
            throw ArchiveFailure.Unsafe(name, $"its name is longer than {MaxLength} bytes");

        var isNormal = true;
        var depth = 0;
        var separators = windows || backslashSeparates ? "/\\" : "/";
        foreach (var range in name.AsSpan().SplitAny(separators))
        {
            var component = name.AsSpan(range);
            isNormal &= component.Length > 0 && component is not "." && (range.End.Value == name.Length || name[range.End.Value] == '/');
            if (component.Length == 0 || component is ".")
                continue;
            depth++;
            Check(name, component, windows);
        }

        if (depth > MaxDepth)
            throw ArchiveFailure.Unsafe(name, $"it is more than {MaxDepth} directories deep");
        return isNormal ? name : string.Join('/', name.Split(separators.ToCharArray(), StringSplitOptions.RemoveEmptyEntries).Where(component => component is not "."));
    }

    /// <summary>True for <c>/x</c>, <c>\x</c>, <c>C:\x</c> and <c>C:/x</c>.</summary>
    public static bool IsRooted(string path) =>
        path.Length > 0 && (path[0] is '/' or '\\' || (path.Length > 2 && char.IsAsciiLetter(path[0]) && path[1] == ':' && path[2] is '/' or '\\'));

    private static void Check(string name, ReadOnlySpan<char> component, bool windows)
    {
        // Whoever writes ..\ means to leave, whether or not this platform would obey.
        foreach (var part in component.Split('\\'))
        {
            if (component[part] is "..")
                throw ArchiveFailure.Unsafe(name, "its name contains '..'");
        }

        if (Encoding.UTF8.GetByteCount(component) > MaxComponentLength)
            throw ArchiveFailure.Unsafe(name, $"a part of its name is longer than {MaxComponentLength} bytes");
        if (windows && IsReservedOnWindows(component.ToString()))
            throw ArchiveFailure.Unsafe(name, $"Windows cannot have a file named '{ArchiveFailure.Show(component.ToString())}'");
    }

    // Naming Files, Paths, and Namespaces (learn.microsoft.com/windows/win32/fileio/naming-a-file).
    private static bool IsReservedOnWindows(string component) =>
        component.Any(character => character < ' ' || "<>:\"|?*".Contains(character, StringComparison.Ordinal))
        || component[^1] is '.' or ' '
        || WindowsDevices.Contains(component.Split('.')[0].TrimEnd(), StringComparer.OrdinalIgnoreCase);
}

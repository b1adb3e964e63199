namespace Dewy.PowerShell.Commands;

/// <summary>Whether two absolute paths name one directory, as the file system's own rule for capitals has it.</summary>
internal static class SameDirectory
{
    public static bool Are(string one, string other) => string.Equals(
        Path.TrimEndingDirectorySeparator(one),
        Path.TrimEndingDirectorySeparator(other),
        OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);
}

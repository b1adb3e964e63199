namespace Dewy.Engine.Composition;

/// <summary>Whether two absolute paths name one directory, as the file system's usual rule for capitals has it.</summary>
internal static class SameRoot
{
    public static bool Are(string one, string other) => Comparer.Equals(Path.TrimEndingDirectorySeparator(one), Path.TrimEndingDirectorySeparator(other));

    private static StringComparer Comparer => OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
}

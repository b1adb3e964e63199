using Xunit;

namespace Dewy.Tests;

/// <summary>
/// What a test needs besides .NET. Missing: the test is skipped with that reason, or fails where
/// <c>DEWY_TEST_REQUIRE</c> (names joined by commas, or <c>all</c>) names it.
/// </summary>
internal static class Component
{
    private static readonly HashSet<string> Required = new(
        (Environment.GetEnvironmentVariable("DEWY_TEST_REQUIRE") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        StringComparer.Ordinal);

    /// <summary>Requires a program on the PATH and returns its path.</summary>
    public static string Program(string name)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);
        Require(name, found is not null, $"the program {name} is not on the PATH");
        return found ?? name;
    }

    /// <summary>Requires root on Linux, for mounts and the like.</summary>
    public static void LinuxRoot() => Require("root", OperatingSystem.IsLinux() && Environment.UserName is "root", "this needs root on Linux");

    public static void Linux() => Require("linux", OperatingSystem.IsLinux(), "this needs Linux");

    /// <summary>Requires that <paramref name="present"/> holds.</summary>
    public static void Require(string name, bool present, string reason)
    {
        if (present)
            return;
        if (Required.Contains(name) || Required.Contains("all"))
            Assert.Fail($"DEWY_TEST_REQUIRE demands {name}, but {reason}.");
        Assert.Skip($"Skipped: {reason}.");
    }
}

using Xunit;

namespace Dewy.Engine.Tests.Processes;

/// <summary>What a test of processes needs and not every machine has.</summary>
internal static class Require
{
    public static void Unix() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals, descriptors and sh exist on Unix only.");

    public static void Linux() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Looks into /proc, which only Linux has.");

    /// <summary>The absolute path of a program on PATH; skips the test where there is none.</summary>
    public static string Program(string name)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{name} is not installed.");
        return path!; // Assert.SkipWhen throws where it is null
    }
}

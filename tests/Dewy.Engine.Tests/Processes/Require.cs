using Dewy.Tests;

namespace Dewy.Engine.Tests.Processes;

/// <summary>What a test of processes needs and not every machine has.</summary>
internal static class Require
{
    public static void Unix() => Component.Require("sh", !OperatingSystem.IsWindows(), "signals, descriptors and sh exist on Unix only");

    /// <summary>For tests that look into <c>/proc</c>.</summary>
    public static void Linux() => Component.Linux();

    /// <summary>The absolute path of a program on PATH.</summary>
    public static string Program(string name) => Component.Program(name);
}

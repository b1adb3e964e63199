using System.Diagnostics;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Artifacts.Extraction;

/// <summary>Real programs that make archives.</summary>
internal static class Tool
{
    /// <summary>Runs a shell command line in a directory and returns its output; the programs it needs are required first.</summary>
    public static async Task<string> RunAsync(string directory, string commandLine, params string[] programs)
    {
        Component.Program("sh");
        foreach (var program in programs)
            Component.Program(program);
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", commandLine])
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("sh did not start.");
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{commandLine}: {await error}");
        return await output;
    }
}

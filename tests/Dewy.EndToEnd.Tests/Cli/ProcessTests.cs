using System.Diagnostics;
using Xunit;

namespace Dewy.EndToEnd.Tests.Cli;

/// <summary>The built program itself: what only a process can show.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task Help_Process_EndsWellAndQuickly()
    {
        var (code, output, error) = await RunAsync("--help");

        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("dewy: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownCommand_Process_ExitsWith2()
    {
        var (code, output, error) = await RunAsync("serve");

        Assert.Equal((2, ""), (code, output));
        Assert.Equal("dewy: there is no command 'serve'. Did you mean server? See 'dewy --help'.", error.TrimEnd());
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) is "dotnet" ? host : "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(typeof(Dewy.Cli.CommandHost).Assembly.Location);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);

        using var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        var cancellation = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var error = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, await output, await error);
    }
}

using System.Diagnostics;
using Dewy.Tests;

namespace Dewy.Engine.Tests.Containers;

/// <summary>The Docker CLI: what a person at the same engine would do.</summary>
internal static class DockerCommand
{
    /// <summary>Skips the test where no engine answers.</summary>
    public static async Task RequireAsync(CancellationToken cancellationToken)
    {
        var program = Component.Program("docker");
        var (code, output) = await TryAsync(program, ["version", "--format", "{{.Server.APIVersion}}"], directory: null, configuration: null, cancellationToken);
        Component.Require("docker", code == 0, $"no container engine answers: {output}");
    }

    /// <summary>Runs it, and returns what it wrote; fails the test where it fails.</summary>
    public static Task<string> RunAsync(CancellationToken cancellationToken, params string[] arguments) => RunAsync(directory: null, configuration: null, cancellationToken, arguments);

    /// <inheritdoc cref="RunAsync(CancellationToken, string[])"/>
    public static async Task<string> RunAsync(string? directory, string? configuration, CancellationToken cancellationToken, params string[] arguments)
    {
        var (code, output) = await TryAsync("docker", arguments, directory, configuration, cancellationToken);
        return code == 0 ? output.Trim() : throw new InvalidOperationException($"docker {string.Join(' ', arguments)} failed: {output}");
    }

    private static async Task<(int Code, string Output)> TryAsync(string program, string[] arguments, string? directory, string? configuration, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = directory ?? "" };
        start.Environment["DOCKER_BUILDKIT"] = "0";
        if (configuration is not null)
            start.Environment["DOCKER_CONFIG"] = configuration;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("It did not start.");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output + (process.ExitCode == 0 ? "" : await error));
    }
}

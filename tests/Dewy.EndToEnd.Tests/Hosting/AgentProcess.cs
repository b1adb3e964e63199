using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using Dewy.Tests;

namespace Dewy.EndToEnd.Tests.Hosting;

/// <summary>A real agent in a process of its own; its output is kept line by line.</summary>
internal sealed class AgentProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = [];

    private AgentProcess(string assembly, IEnumerable<string> arguments, string? directory, string? temporary = null, IReadOnlyDictionary<string, string>? environment = null)
        : this(new ProcessStartInfo(Host, [assembly, .. arguments]), directory, temporary, environment)
    {
    }

    private AgentProcess(ProcessStartInfo start, string? directory, string? temporary, IReadOnlyDictionary<string, string>? environment = null)
    {
        start.UseShellExecute = false;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.WorkingDirectory = directory ?? "";
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DEWY_ADMIN_PORT"] = "0"; // as in SampleApplication
        if (temporary is not null)
            start.Environment["TMPDIR"] = temporary;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, data) => Keep(data.Data);
        _process.ErrorDataReceived += (_, data) => Keep(data.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>What it said so far: events by their moments from the test agent, log lines from the command.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    public string Output => string.Join('\n', _lines);

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts the test agent.</summary>
    /// <param name="options">What it is told.</param>
    /// <param name="killAt">The moment at which it kills itself; null to live on.</param>
    /// <param name="temporary">Its temporary directory; null for that of this process.</param>
    public static AgentProcess Start(OptionSet options, string? killAt = null, string? temporary = null) => new(
        ProgramAt("TestAgent"),
        [.. killAt is null ? (string[])[] : ["--kill-at", killAt], .. options.SelectMany(option => option.Value, (option, value) => $"{option.Key}={value}")],
        directory: null,
        temporary);

    /// <summary>Starts <c>dewy</c> itself.</summary>
    public static AgentProcess StartCommand(string directory, params IEnumerable<string> arguments) =>
        new(ProgramAt("Command"), arguments, directory);

    /// <summary>Starts <c>dewy</c> through another program, such as one that changes the user.</summary>
    public static AgentProcess StartCommandAs(string directory, string program, IEnumerable<string> before, IEnumerable<string> arguments) =>
        new(new ProcessStartInfo(program, [.. before, Host, ProgramAt("Command"), .. arguments]), directory, temporary: null);

    /// <summary>Starts <c>dewy</c> itself with variables besides those of the test's process.</summary>
    public static AgentProcess StartCommand(string directory, IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments) =>
        new(ProgramAt("Command"), arguments, directory, temporary: null, environment);

    public Task SaidAsync(string text, int times = 1) => Eventually.IsTrueAsync(
        () => _lines.Count(line => line.Contains(text, StringComparison.Ordinal)) >= times || HasExited && Ended(text), $"the agent says '{text}'");

    /// <summary>Waits for its death; progress is told by the clock, and a moment of it may not come: then it is killed once it has said <paramref name="atLast"/>.</summary>
    public async Task DiedAsync(string atLast)
    {
        await Eventually.IsTrueAsync(() => HasExited || _lines.Contains(atLast), "the agent comes to its end", TimeSpan.FromSeconds(60));
        if (!HasExited)
            _process.Kill();
        await ExitedAsync();
    }

    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for its end and for the last of its output.</summary>
    public async Task<int> ExitedAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await ExitedAsync();
        }

        _process.Dispose();
    }

    private static string ProgramAt(string name) =>
        typeof(AgentProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(metadata => metadata.Key == name).Value
        ?? throw new InvalidOperationException($"The build did not tell where {name} is.");

    private bool Ended(string text) =>
        throw new InvalidOperationException($"The agent ended with {ExitCode} before it said '{text}'. It said:\n{Output}");

    private void Keep(string? line)
    {
        if (line is not null)
            _lines.Enqueue(line);
    }
}

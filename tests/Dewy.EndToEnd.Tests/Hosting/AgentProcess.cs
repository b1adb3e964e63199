using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Reflection;
using Dewy.Engine.Processes;
using Dewy.Tests;

namespace Dewy.EndToEnd.Tests.Hosting;

/// <summary>A real agent in a process of its own; its output is kept line by line.</summary>
internal sealed class AgentProcess : IAsyncDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _lines = [];
    private readonly Func<ValueTask> _dispose;
    private readonly Task<int> _exited;

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
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, data) => Keep(data.Data);
        process.ErrorDataReceived += (_, data) => Keep(data.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Id = process.Id;
        _exited = ExitedAsync(process);
        _dispose = () =>
        {
            process.Dispose();
            return ValueTask.CompletedTask;
        };
    }

    private AgentProcess(IChildProcess process)
    {
        Id = process.Id;
        _exited = ExitedAsync(process);
        _dispose = process.DisposeAsync;
    }

    private static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>What it said so far: events by their moments from the test agent, log lines from the command.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    public string Output => string.Join('\n', _lines);

    public int Id { get; }

    public bool HasExited => _exited.IsCompleted;

    /// <summary>Starts the test agent.</summary>
    /// <param name="options">What it is told.</param>
    /// <param name="killAt">The moment at which it kills itself; null to live on.</param>
    /// <param name="temporary">Its temporary directory; null for that of this process.</param>
    public static AgentProcess Start(OptionSet options, string? killAt = null, string? temporary = null) => new(
        ProgramAt("TestAgent"),
        TestAgentArguments(options, killAt),
        directory: null,
        temporary);

    /// <summary>Starts the test agent with a socket that somebody else has opened, as socket activation does.</summary>
    public static AgentProcess StartWithSocket(Socket socket, OptionSet options, string? killAt, string temporary)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => variable.Value as string ?? "", StringComparer.Ordinal);
        environment["DOTNET_TieredPGO"] = "0";
        environment["TMPDIR"] = temporary;
        environment["LISTEN_FDS"] = "1";
        return new AgentProcess(new ProcessStarter().Start(new ProcessStart
        {
            Program = Host,
            Arguments = [ProgramAt("TestAgent"), .. TestAgentArguments(options, killAt)],
            WorkingDirectory = temporary,
            Environment = environment,
            Sockets = [socket.SafeHandle],
            SetListenPid = true,
        }));
    }

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
    public async Task DiedAsync(params IReadOnlyList<string> atLast)
    {
        await Eventually.IsTrueAsync(() => HasExited || atLast.All(moment => _lines.Contains(moment)), "the agent comes to its end", TimeSpan.FromSeconds(60));
        Kill();
        await ExitedAsync();
    }

    /// <summary>Ends it with SIGKILL; nothing where it has ended.</summary>
    public void Kill()
    {
        if (!HasExited)
            Signal("KILL");
    }

    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for its end and for the last of its output.</summary>
    public Task<int> ExitedAsync() => _exited.WaitAsync(EndLimit);

    public async ValueTask DisposeAsync()
    {
        Kill();
        await ExitedAsync();
        await _dispose();
    }

    private static async Task<int> ExitedAsync(Process process)
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private async Task<int> ExitedAsync(IChildProcess process)
    {
        await Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
        var exit = await process.Exited;
        return exit.Code ?? 128 + (exit.Signal ?? 0);
    }

    private async Task ReadAsync(Stream? stream)
    {
        using var reader = new StreamReader(stream ?? Stream.Null);
        while (await reader.ReadLineAsync() is { } line)
            Keep(line);
    }

    private static IEnumerable<string> TestAgentArguments(OptionSet options, string? killAt) =>
        [.. killAt is null ? (string[])[] : ["--kill-at", killAt], .. options.SelectMany(option => option.Value, (option, value) => $"{option.Key}={value}")];

    private static string ProgramAt(string name) =>
        typeof(AgentProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(metadata => metadata.Key == name).Value
        ?? throw new InvalidOperationException($"The build did not tell where {name} is.");

    private bool Ended(string text) =>
        throw new InvalidOperationException($"The agent ended with {_exited.Result} before it said '{text}'. It said:\n{Output}");

    private void Keep(string? line)
    {
        if (line is not null)
            _lines.Enqueue(line);
    }
}

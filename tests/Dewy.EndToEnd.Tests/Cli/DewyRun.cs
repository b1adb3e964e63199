using Dewy.Cli;
using Dewy.Engine.Processes;
using Dewy.Tests;
using Microsoft.Extensions.Time.Testing;

namespace Dewy.EndToEnd.Tests.Cli;

/// <summary>Runs <c>dewy</c> inside the test with a fake engine, its own environment and captured output.</summary>
internal sealed class DewyRun : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private Action<AgentSignal>? _signal;

    public FakeEngine Engine { get; init; } = new();

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public FakeTimeProvider Time { get; } = new();

    public string Directory => _directory.Path;

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    /// <summary>What the process would have been ended with; null where it was not.</summary>
    public ExitCode? Aborted { get; private set; }

    public bool Symbols { get; init; }

    public Task<ExitCode> RunAsync(params string[] arguments) => CommandLine.RunAsync(arguments, new CommandHost
    {
        CreateEngine = () => Engine,
        Output = _output,
        Error = _error,
        Environment = Environment,
        WorkingDirectory = _directory.Path,
        User = "alice",
        Symbols = Symbols,
        Time = Time,
        WatchSignals = notify =>
        {
            _signal = notify;
            return new CancellationTokenSource();
        },
        Abort = code => Aborted = code,
    });

    /// <summary>As if the operating system had sent it.</summary>
    public void Send(AgentSignal signal) => (_signal ?? throw new InvalidOperationException("Nobody watches signals yet."))(signal);

    public string Write(string name, string content)
    {
        File.WriteAllText(_directory.Combine(name), content);
        return name;
    }

    public void Dispose() => _directory.Dispose();
}

using Dewy.Engine.Processes;

namespace Dewy.Cli.Service.Windows;

/// <summary>A command line that runs as a service: what the service manager wants reaches it as the signals it knows.</summary>
/// <param name="arguments">The command line.</param>
/// <param name="host">The world outside; its signals are replaced.</param>
/// <param name="ended">Is told when the command has ended by itself or was stopped.</param>
internal sealed class ServiceRun(IReadOnlyList<string> arguments, CommandHost host, Action<ExitCode> ended)
{
    private readonly Lock _gate = new();
    private readonly List<Action<AgentSignal>> _watchers = [];
    private bool _stopWanted;

    /// <summary>Ends with the command.</summary>
    public Task<ExitCode> Running { get; private set; } = Task.FromResult(ExitCode.Ok);

    /// <summary>Begins. The service manager is not kept waiting: whether the command can start at all shows in its end.</summary>
    public void Start() => Running = Task.Run(RunAsync);

    /// <summary>Passes a wish on. One to stop that comes before anybody listens is kept.</summary>
    public void Send(AgentSignal signal)
    {
        Action<AgentSignal>[] watchers;
        lock (_gate)
        {
            _stopWanted |= signal == AgentSignal.Stop;
            watchers = [.. _watchers];
        }

        foreach (var watcher in watchers)
            watcher(signal);
    }

    private async Task<ExitCode> RunAsync()
    {
        var code = await CommandLine.RunAsync(arguments, host with { WatchSignals = Watch });
        ended(code);
        return code;
    }

    private IDisposable Watch(Action<AgentSignal> watcher)
    {
        bool stop;
        lock (_gate)
        {
            _watchers.Add(watcher);
            stop = _stopWanted;
        }

        if (stop)
            watcher(AgentSignal.Stop);
        return new Subscription(this, watcher);
    }

    private sealed class Subscription(ServiceRun run, Action<AgentSignal> watcher) : IDisposable
    {
        public void Dispose()
        {
            lock (run._gate)
                run._watchers.Remove(watcher);
        }
    }
}

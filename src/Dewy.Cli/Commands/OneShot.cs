using Dewy.Engine.Composition;
using Dewy.Engine.Diagnostics;
using Dewy.Engine.Processes;
using Microsoft.Extensions.Logging;

namespace Dewy.Cli.Commands;

/// <summary>What a command that asks one thing of the engine needs: options, a quiet log, and a way to give up.</summary>
internal sealed class OneShot : IDisposable
{
    private readonly CommandHost _host;
    private readonly LogPipeline _log;
    private readonly CancellationTokenSource _interrupted = new();

    private OneShot(CommandHost host, OptionSet options, LogPipeline log)
    {
        _host = host;
        Options = options;
        _log = log;
    }

    /// <summary>Everything given, environment and configuration file included.</summary>
    public OptionSet Options { get; }

    /// <summary>The root the command is about.</summary>
    public string Root => ApplicationOptionsBinder.BindRoot(Options, _host.WorkingDirectory, _host.Environment);

    public static OneShot Open(OptionSet given, CommandHost host)
    {
        var options = OptionSources.Complete(given, host.WorkingDirectory, host.Environment);
        var log = ApplicationOptionsBinder.BindLog(options, host.WorkingDirectory, host.Environment);

        // The answer goes to standard output; unless asked, only trouble is worth a line besides. The file is the agent's.
        var quiet = given.Contains("log-level") ? log.Level : LogLevel.Warning;
        var pipeline = LogPipeline.Create(log with { Level = quiet, File = null }, SecretRedactor.FromEnvironment(host.Environment), host.Error, host.Colour);
        return new OneShot(host, options, pipeline);
    }

    /// <summary>Asks the engine; an interrupt gives up.</summary>
    public async Task<T> RunAsync<T>(Func<IDewyEngine, OptionSet, IEngineEventSink, CancellationToken, Task<T>> ask)
    {
        using var signals = _host.WatchSignals(signal =>
        {
            if (signal == AgentSignal.Stop)
                _interrupted.Cancel();
        });
        return await ask(_host.CreateEngine(), Options, new FanOutEventSink(_log.View), _interrupted.Token);
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(Func<IDewyEngine, CancellationToken, Task> ask) => RunAsync<object?>(async (engine, _, _, cancellation) =>
    {
        await ask(engine, cancellation);
        return null;
    });

    public void Dispose()
    {
        _log.Dispose();
        _interrupted.Dispose();
    }
}

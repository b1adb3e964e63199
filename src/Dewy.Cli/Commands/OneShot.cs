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

    /// <summary>What was given directly; the engine adds what else it needs of the environment and the configuration file.</summary>
    public OptionSet Options { get; }

    /// <summary>The root the command is about.</summary>
    public string Root => ApplicationOptionsBinder.BindRoot(Options, _host.WorkingDirectory, _host.Environment);

    /// <summary>The roots the command is about: that of every application in the configuration file where none is meant in particular.</summary>
    public (IReadOnlyList<string> All, bool AreSeveral) Roots => IsAboutOne
        ? ([Root], false)
        : (ApplicationOptionsBinder.BindRoots(Options, _host.WorkingDirectory, _host.Environment), true);

    /// <summary>Whether one application is meant, and not all of a configuration file.</summary>
    public bool IsAboutOne =>
        Options.Contains("name") || Options.Contains("root") || OptionSources.FindApplications(Options, _host.WorkingDirectory, _host.Environment) is null;

    /// <summary>Reads what logging needs.</summary>
    /// <param name="given">What was given directly.</param>
    /// <param name="host">Where it comes from and the answer goes.</param>
    /// <param name="told">What is worth a line besides the answer where nobody says otherwise.</param>
    public static OneShot Open(OptionSet given, CommandHost host, LogLevel told = LogLevel.Warning)
    {
        // Here no more is read than is needed: what else a configuration file refers to may not be for this user to read.
        var options = new OptionSet { BaseDirectory = host.WorkingDirectory }.FillFrom(given);
        var log = ApplicationOptionsBinder.BindLog(options, host.WorkingDirectory, host.Environment);

        // The answer goes to standard output, the lines besides to standard error. The file is the agent's.
        var level = given.Contains("log-level") ? log.Level : told;
        var pipeline = LogPipeline.Create(log with { Level = level, File = null }, host.Redactor, host.Error, host.Colour);
        return new OneShot(host, options, pipeline);
    }

    /// <summary>The same for a command about a root, which <c>--name</c> may find in a configuration file.</summary>
    /// <exception cref="UsageException">There is no file with applications that could have the name.</exception>
    public static OneShot OpenRoot(OptionSet given, CommandHost host) =>
        given.Contains("name") && OptionSources.FindApplications(given, host.WorkingDirectory, host.Environment) is null
            ? throw new UsageException($"{given.Origin("name")} names one of several applications in a configuration file (--config), and there is none.")
            : Open(given, host);

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

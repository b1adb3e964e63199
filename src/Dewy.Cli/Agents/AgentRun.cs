using Dewy.Cli.Service;
using Dewy.Engine.Composition;
using Dewy.Engine.Diagnostics;

namespace Dewy.Cli.Agents;

/// <summary>Runs the agent of the only application of this process until it is told to stop, and turns its end into an exit code.</summary>
internal static class AgentRun
{
    public static async Task<ExitCode> RunAsync(BoundApplication application, CommandHost host)
    {
        host.Redactor.Learn(application.Given);
        foreach (var notifier in application.Options.Notifiers)
            notifier.TeachSecrets(host.Redactor);
        using var log = LogPipeline.Create(application.Options.Log, host.Redactor, host.Error, host.Colour);
        try
        {
            await RunAsync(application.Given, host, log);
            return ExitCode.Ok;
        }
        catch (DewyException exception)
        {
            log.Failed(exception);
            return exception.ExitCode;
        }
        catch (Exception exception) // the root of the agent's task: the log is where people look for it
        {
            log.Failed(exception);
            return ExitCode.Failed;
        }
    }

    private static async Task RunAsync(OptionSet options, CommandHost host, LogPipeline log)
    {
        // First of all: what systemd gave to this process must be gone before anything can inherit it.
        using var service = ServiceNotifier.TakeFrom(host.Environment);
        var view = new ServiceView(service, new ServiceReadiness(service, applications: 1));
        var events = new FanOutEventSink(log.View, new ApplicationOutputView(host.Output, host.Error, host.Redactor), view);
        var engine = host.CreateEngine();
        await using var agent = engine.CreateAgent(options, events);
        using var stop = new AgentStop(host);
        using var signals = host.WatchSignals(signal =>
        {
            log.SignalReceived(signal.ToString());
            stop.Obey(signal, agent.Restart);
        });
        await using var watchdog = ServiceWatchdog.Start(service, () => agent.GetStatus(), host.Time);
        await agent.RunAsync(stop.Token);
    }
}

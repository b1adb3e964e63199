using Dewy.Cli.Service;
using Dewy.Engine.Composition;

namespace Dewy.Cli.Agents;

/// <summary>Runs the agents of several applications in this process until it is told to stop.</summary>
internal static class SharedRun
{
    public static async Task<ExitCode> RunAsync(IReadOnlyList<BoundApplication> applications, CommandHost host)
    {
        foreach (var application in applications)
        {
            host.Redactor.Learn(application.Given);
            foreach (var notifier in application.Options.Notifiers)
                notifier.TeachSecrets(host.Redactor);
        }

        using var logs = new SharedLogs(applications, host);

        // First of all: what systemd gave to this process must be gone before anything can inherit it.
        using var service = ServiceNotifier.TakeFrom(host.Environment);
        var readiness = new ServiceReadiness(service, applications.Count);
        var engine = host.CreateEngine();
        var agents = applications
            .Select(application => new KeptAgent(application, engine, logs.ViewOf(application), new ServiceView(service, readiness, application.Options.Name), host))
            .ToList();
        using var stop = new AgentStop(host);
        await using (stop.Token.Register(() => service.Send("STOPPING=1", "STATUS=stopping")))
        await using (ServiceWatchdog.Start(service, () => agents.ForEach(agent => agent.Probe()), host.Time))
        using (host.WatchSignals(signal =>
        {
            logs.SignalReceived(signal.ToString());
            stop.Obey(signal, (by, notify) => agents.ForEach(agent => agent.Restart(by, notify)));
        }))
        {
            await Task.WhenAll(agents.Select(agent => agent.RunAsync(stop.Token)));
        }

        agents.ForEach(agent => agent.Dispose());
        return ExitCode.Ok;
    }
}

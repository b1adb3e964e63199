namespace Dewy.Cli.Service;

/// <summary>Shows an agent's state in <c>systemctl status</c>.</summary>
/// <param name="notifier">Tells systemd.</param>
/// <param name="readiness">Learns when this application is ready.</param>
/// <param name="application">One of several, named in what is told; null for the only one, whose end is the service's.</param>
internal sealed class ServiceView(ServiceNotifier notifier, ServiceReadiness readiness, string? application = null) : IEngineEventSink
{
    private int _ready;

    /// <inheritdoc/>
    public void Publish(EngineEvent engineEvent)
    {
        // Each of these comes only after ports were bound and what an earlier agent left was looked at. Whether the
        // application is healthy is not waited for: it may take longer than systemd is patient.
        if (engineEvent is RegistryPolled or CycleFailed or DeploymentStarted or GenerationStarted or GenerationAdopted)
            Arrived();

        switch (engineEvent)
        {
            case AgentStarted started: notifier.Send(Status($"watching {started.Registry}")); break;
            case DeploymentStarted started: notifier.Send(Status($"deploying {started.Tag}")); break;
            case DeploymentEnded { Deployment.Result: DeploymentResult.Succeeded } ended: notifier.Send(Status($"{ended.Deployment.Tag} is live")); break;
            case DeploymentEnded ended: notifier.Send(Status($"{ended.Deployment.Tag} failed: {ended.Deployment.Error?.Message}")); break;
            case CycleFailed failed: notifier.Send(Status(failed.Error.Message)); break;
            case AgentStopping when application is null: notifier.Send("STOPPING=1", Status("stopping")); break;
        }
    }

    /// <summary>The agent ended and is tried again: the service does not wait for it any longer.</summary>
    public void Failed(Exception? failure)
    {
        Arrived();
        notifier.Send(Status(failure?.Message ?? "the agent ended by itself"));
    }

    private void Arrived()
    {
        if (Interlocked.Exchange(ref _ready, 1) == 0)
            readiness.Arrived();
    }

    /// <summary>One line; systemd takes each line for a variable of its own.</summary>
    private string Status(string text) => $"STATUS={(application is null ? "" : $"{application}: ")}{text.ReplaceLineEndings(" ")}";
}

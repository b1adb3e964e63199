namespace Dewy.Cli.Service;

/// <summary>Shows the agent's state in <c>systemctl status</c>.</summary>
internal sealed class ServiceView(ServiceNotifier notifier) : IEngineEventSink
{
    private int _ready;

    /// <inheritdoc/>
    public void Publish(EngineEvent engineEvent)
    {
        // Each of these comes only after ports were bound and what an earlier agent left was looked at. Whether the
        // application is healthy is not waited for: it may take longer than systemd is patient.
        if (engineEvent is RegistryPolled or CycleFailed or DeploymentStarted or GenerationStarted or GenerationAdopted
            && Interlocked.Exchange(ref _ready, 1) == 0)
        {
            notifier.Send("READY=1");
        }

        switch (engineEvent)
        {
            case AgentStarted started: notifier.Send(Status($"watching {started.Registry}")); break;
            case DeploymentStarted started: notifier.Send(Status($"deploying {started.Tag}")); break;
            case DeploymentEnded { Deployment.Result: DeploymentResult.Succeeded } ended: notifier.Send(Status($"{ended.Deployment.Tag} is live")); break;
            case DeploymentEnded ended: notifier.Send(Status($"{ended.Deployment.Tag} failed: {ended.Deployment.Error?.Message}")); break;
            case CycleFailed failed: notifier.Send(Status(failed.Error.Message)); break;
            case AgentStopping: notifier.Send("STOPPING=1", Status("stopping")); break;
        }
    }

    /// <summary>One line; systemd takes each line for a variable of its own.</summary>
    private static string Status(string text) => $"STATUS={text.ReplaceLineEndings(" ")}";
}

namespace Dewy.Cli.Service;

/// <summary>Shows the agent's state in <c>systemctl status</c>.</summary>
internal sealed class ServiceView(ServiceNotifier notifier) : IEngineEventSink
{
    /// <inheritdoc/>
    public void Publish(EngineEvent engineEvent)
    {
        switch (engineEvent)
        {
            case AgentStarted started: notifier.Send("READY=1", Status($"watching {started.Registry}")); break;
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

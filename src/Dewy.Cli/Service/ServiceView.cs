namespace Dewy.Cli.Service;

/// <summary>Shows an agent's state in <c>systemctl status</c>.</summary>
/// <param name="notifier">Tells systemd.</param>
/// <param name="readiness">Learns when this application is ready.</param>
/// <param name="application">One of several, named in what is told; null for the only one, whose end is the service's.</param>
internal sealed class ServiceView(ServiceNotifier notifier, ServiceReadiness readiness, string? application = null) : IEngineEventSink
{
    private int _ready;
    private string? _told;

    /// <inheritdoc/>
    public void Publish(EngineEvent engineEvent)
    {
        // Each of these comes only after ports were bound and what an earlier agent left was looked at. Whether the
        // application is healthy is not waited for: it may take longer than systemd is patient.
        if (engineEvent is RegistryPolled or CycleFailed or DeploymentStarted or GenerationStarted or GenerationAdopted)
            Arrived();

        switch (engineEvent)
        {
            case AgentStarted started: Tell($"watching {started.Registry}"); break;
            case DeploymentStarted started: Tell($"deploying {started.Tag}"); break;
            case DeploymentEnded { Deployment.Result: DeploymentResult.Succeeded } ended: Tell($"{ended.Deployment.Tag} is live"); break;
            case DeploymentEnded ended: Tell($"{ended.Deployment.Tag} failed: {ended.Deployment.Error?.Message}"); break;
            case DeploySkipped { Tag: { } live }: Tell($"{live} is live"); break; // after a restart, and after a failure that has passed
            case ReleaseHeld held: Tell($"{held.Tag} is held back: {held.Reason}"); break;
            case CycleFailed failed: Tell(failed.Error.Message); break;
            case AgentStopping when application is null: notifier.Send("STOPPING=1", Status("stopping")); break;
        }
    }

    /// <summary>The agent ended and is tried again: the service does not wait for it any longer.</summary>
    public void Failed(Exception? failure)
    {
        Arrived();
        Tell(failure?.Message ?? "the agent ended by itself");
    }

    private void Arrived()
    {
        if (Interlocked.Exchange(ref _ready, 1) == 0)
            readiness.Arrived();
    }

    /// <summary>Much of this comes again with every cycle, and is told when it is new.</summary>
    private void Tell(string text)
    {
        if (Interlocked.Exchange(ref _told, text) != text)
            notifier.Send(Status(text));
    }

    /// <summary>One line; systemd takes each line for a variable of its own.</summary>
    private string Status(string text) => $"STATUS={(application is null ? "" : $"{application}: ")}{text.ReplaceLineEndings(" ")}";
}

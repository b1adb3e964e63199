namespace Dewy.Cli.Service;

/// <summary>Tells systemd once that the service is ready: when each of its applications is, or cannot be for now.</summary>
internal sealed class ServiceReadiness(ServiceNotifier notifier, int applications)
{
    private int _awaited = applications;

    /// <summary>One more is. Called once by each.</summary>
    public void Arrived()
    {
        if (Interlocked.Decrement(ref _awaited) == 0)
            notifier.Send("READY=1");
    }
}

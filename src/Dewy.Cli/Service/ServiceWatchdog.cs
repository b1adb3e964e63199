namespace Dewy.Cli.Service;

/// <summary>Gives systemd its sign of life for as long as the agent answers.</summary>
internal sealed class ServiceWatchdog : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task _beating;

    private ServiceWatchdog(ServiceNotifier notifier, Action probe, TimeProvider time) =>
        _beating = notifier.Watchdog is { } within ? BeatAsync(notifier, probe, within / 2, time, _end.Token) : Task.CompletedTask;

    /// <summary>Begins; does nothing where systemd wants no sign.</summary>
    /// <param name="notifier">Where the sign goes.</param>
    /// <param name="probe">Asks the agent; one that hangs or throws gives no sign.</param>
    /// <param name="time">The clock.</param>
    public static ServiceWatchdog Start(ServiceNotifier notifier, Action probe, TimeProvider time) => new(notifier, probe, time);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _beating;
        _end.Dispose();
    }

    private static async Task BeatAsync(ServiceNotifier notifier, Action probe, TimeSpan every, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                probe();
                notifier.Send("WATCHDOG=1");
            }
        }
        catch (OperationCanceledException)
        {
            // The agent has ended.
        }
        catch (Exception exception) // the root of this task: without a sign systemd restarts the service, as it should
        {
            notifier.Send($"STATUS=the agent does not answer: {exception.Message.ReplaceLineEndings(" ")}");
        }
    }
}

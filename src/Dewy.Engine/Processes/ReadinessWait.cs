namespace Dewy.Engine.Processes;

/// <summary>
/// Decides when a started program is ready: when it says <c>READY=1</c>; when it has lived for a while without using
/// <c>NOTIFY_SOCKET</c> at all; and one that uses it for anything else has <paramref name="readyTimeout"/> to say so.
/// </summary>
/// <param name="startWait">How long a program that says nothing must live.</param>
/// <param name="readyTimeout">How long one that notifies may take; <c>EXTEND_TIMEOUT_USEC</c> prolongs it.</param>
internal sealed class ReadinessWait(TimeSpan startWait, TimeSpan readyTimeout, TimeProvider time)
{
    private static readonly TimeSpan LongestNap = TimeSpan.FromSeconds(1);

    /// <summary>Waits for one of the outcomes.</summary>
    /// <param name="started">Timestamp of the start.</param>
    /// <param name="notify">The program's notifications; null where it cannot have any.</param>
    /// <param name="ended">Completes when the program ends.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Readiness> WaitAsync(long started, NotifySocket? notify, Task ended, CancellationToken cancellationToken)
    {
        var never = new TaskCompletionSource().Task;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (ended.IsCompleted)
                return Readiness.Ended;
            if (notify is { Ready.IsCompleted: true })
                return Readiness.Ready;
            var left = Left(started, notify);
            if (left <= TimeSpan.Zero)
                return notify is { IsUsed: true } ? Readiness.TimedOut : Readiness.Ready;

            // A message other than READY=1 wakes nobody; the nap bounds how late it is seen.
            var nap = left < LongestNap ? left : LongestNap;
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(ended, notify?.Ready ?? never, Task.Delay(nap, time, stop.Token));
            await stop.CancelAsync();
        }
    }

    private TimeSpan Left(long started, NotifySocket? notify)
    {
        if (notify is not { IsUsed: true })
            return startWait - time.GetElapsedTime(started);
        var left = readyTimeout - time.GetElapsedTime(started);
        var extended = notify.ExtendedUntil == 0 ? TimeSpan.Zero : time.GetElapsedTime(time.GetTimestamp(), notify.ExtendedUntil);
        return left > extended ? left : extended;
    }
}

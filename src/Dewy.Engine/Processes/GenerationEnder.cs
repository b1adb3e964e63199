namespace Dewy.Engine.Processes;

/// <summary>Ends generations: the stop signal to the whole process group, and KILL to what is left of it after the time-out.</summary>
/// <param name="options">The signal and the time-out.</param>
/// <param name="write">Writes a generation's new state down, as well as it can.</param>
/// <param name="events">Gets the events.</param>
/// <param name="time">The clock.</param>
internal sealed class GenerationEnder(ServerOptions options, Action<GenerationRecord> write, IEngineEventSink events, TimeProvider time)
{
    private const int Kill = 9;

    /// <summary>Longest a killed process may take to vanish: one in uninterruptible sleep may never do.</summary>
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(25);

    /// <summary>Returns when nothing of the generation runs any more, or KILL was to no avail.</summary>
    /// <param name="generation">The generation. It is told once, however often this is called.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task EndAsync(Generation generation, CancellationToken cancellationToken) =>
        generation.EndOnceAsync(() => SignalUntilGoneAsync(generation, cancellationToken)).WaitAsync(cancellationToken);

    private async Task SignalUntilGoneAsync(Generation generation, CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (!HasLiving(generation))
            return;
        await AskToEndAsync(generation, cancellationToken);
        if (HasLiving(generation))
        {
            Signal(generation, Kill);
            await GoneAsync(generation, KillTimeout, cancellationToken);
        }

        if (HasLiving(generation))
            events.Publish(new AttentionNeeded($"{generation} could not be killed.", $"process {generation.Process.Id}", "Look at what that process waits for; it may hang in the kernel.") { Time = time.GetUtcNow() });
    }

    /// <summary>One that an earlier agent has told already is not told again; it has what is left of its time.</summary>
    private async Task AskToEndAsync(Generation generation, CancellationToken cancellationToken)
    {
        var left = options.StopTimeout;
        if (generation.Record.StoppingSince is { } since)
        {
            var waited = time.GetUtcNow() - since;
            left = waited < left ? left - waited : TimeSpan.Zero;
        }
        else
        {
            // Written first: an agent that took a program for serving that was told to end would wait for it with everybody else.
            Signal(generation, options.StopSignal, () => write(generation.MarkStopping(time.GetUtcNow())));
        }

        await GoneAsync(generation, left, cancellationToken);
    }

    private void Signal(Generation generation, int signal, Action? before = null)
    {
        if (!generation.Process.Exited.IsCompleted)
            events.Publish(new GenerationStopping(generation.Number, generation.Process.Id, SignalName.Of(signal)) { Time = time.GetUtcNow() });
        before?.Invoke();
        generation.Process.Signal(signal);
    }

    private async Task GoneAsync(Generation generation, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(timeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            await generation.Process.Exited.WaitAsync(limit.Token);
            while (HasLiving(generation))
                await Task.Delay(Pace, time, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The caller looks at what is left.
        }
    }

    /// <summary>Whether anything runs in its process group: a program's own children outlive it easily.</summary>
    private static bool HasLiving(Generation generation)
    {
        if (OperatingSystem.IsLinux())
            return ProcessTable.HasLiving(generation.Process.Id);
        if (OperatingSystem.IsWindows() || !generation.Process.Exited.IsCompleted)
            return !generation.Process.Exited.IsCompleted;
        return Libc.Kill(-generation.Process.Id, 0) == 0;
    }
}

namespace Dewy.Engine.Processes;

/// <summary>Ends generations: the stop signal to the whole process group, and KILL to what is left of it after the time-out.</summary>
internal sealed class GenerationEnder(ServerOptions options, IEngineEventSink events, TimeProvider time)
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
        await SignalAsync(generation, options.StopSignal, options.StopTimeout, cancellationToken);
        if (HasLiving(generation))
            await SignalAsync(generation, Kill, KillTimeout, cancellationToken);
        if (HasLiving(generation))
            events.Publish(new AttentionNeeded($"{generation} could not be killed.", $"process {generation.Process.Id}", "Look at what that process waits for; it may hang in the kernel.") { Time = time.GetUtcNow() });
    }

    private async Task SignalAsync(Generation generation, int signal, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!generation.Process.Exited.IsCompleted)
            events.Publish(new GenerationStopping(generation.Number, generation.Process.Id, SignalName.Of(signal)) { Time = time.GetUtcNow() });
        generation.Process.Signal(signal);
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

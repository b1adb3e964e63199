namespace Dewy.Engine.Processes;

/// <summary>A process an earlier agent started. It is not a child: how it ends cannot be known, only that it does.</summary>
internal sealed class AdoptedProcess : IChildProcess
{
    private readonly CancellationTokenSource _letGo = new();
    private readonly TaskCompletionSource<ProcessExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _waiting;

    public AdoptedProcess(int processId, string identity, TimeProvider time)
    {
        Id = processId;
        Identity = identity;
        _waiting = WaitAsync(time);
    }

    /// <inheritdoc/>
    public int Id { get; }

    /// <inheritdoc/>
    public string Identity { get; }

    /// <inheritdoc/>
    public Stream? StandardOutput => null;

    /// <inheritdoc/>
    public Stream? StandardError => null;

    /// <inheritdoc/>
    public Task<ProcessExit> Exited => _exited.Task;

    /// <inheritdoc/>
    public void Release()
    {
        // It began long ago.
    }

    /// <inheritdoc/>
    public void Signal(int signal)
    {
        if (ProcessIdentity.SignalGroup(Id, Identity, signal) || OperatingSystem.IsWindows())
            return;

        // The number stays taken while the group has members: a process of another identity under it is a stranger.
        if (ProcessIdentity.Of(Id) is not { } now || string.Equals(now, Identity, StringComparison.Ordinal))
            _ = Libc.Kill(-Id, signal);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _letGo.CancelAsync();
        await _waiting;
        _letGo.Dispose();
    }

    private async Task WaitAsync(TimeProvider time)
    {
        try
        {
            await ProcessIdentity.WaitForExitAsync(Id, Identity, time, _letGo.Token);
            _exited.TrySetResult(new ProcessExit());
        }
        catch (OperationCanceledException)
        {
            // Let go of.
        }
    }
}

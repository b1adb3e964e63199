namespace Dewy.Engine.Processes;

/// <summary>Wakes whoever waits for a change. One that happens while nobody waits is kept for the next who does.</summary>
internal sealed class ChangeSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = New();

    public void Set()
    {
        lock (_gate)
            _changed.TrySetResult();
    }

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var waited = _changed;
        await waited.Task.WaitAsync(cancellationToken);
        lock (_gate)
        {
            if (_changed == waited)
                _changed = New();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

namespace Dewy.Engine.Agent;

/// <summary>Wakes one waiter; a signal given while nobody waits is kept.</summary>
internal sealed class AsyncSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _raised = New();

    public void Raise()
    {
        lock (_gate)
            _raised.TrySetResult();
    }

    /// <summary>Completes when the signal was raised since the last <see cref="Reset"/>.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return _raised.Task.WaitAsync(cancellationToken);
    }

    public void Reset()
    {
        lock (_gate)
        {
            if (_raised.Task.IsCompleted)
                _raised = New();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

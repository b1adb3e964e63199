using System.Runtime.ExceptionServices;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>Threads of one extraction: the first that fails stops the others, and its failure is the one that counts.</summary>
internal sealed class ExtractionWork(CancellationTokenSource stop)
{
    private readonly Lock _gate = new();
    private ExceptionDispatchInfo? _first;

    /// <summary>Runs something that blocks on a thread of its own. The task never fails; it is null after a failure.</summary>
    public Task<T?> RunAsync<T>(Func<T> body) => Task.Factory.StartNew(
        () =>
        {
            try
            {
                return body();
            }
            catch (Exception exception)
            {
                Fail(exception);
                return default;
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach | TaskCreationOptions.RunContinuationsAsynchronously,
        TaskScheduler.Default);

    /// <summary>Throws the first failure, or cancellation where that was asked for.</summary>
    public void ThrowFirst(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_first is null)
                return;
            cancellationToken.ThrowIfCancellationRequested();
            _first.Throw();
        }
    }

    private void Fail(Exception exception)
    {
        lock (_gate)
            _first ??= ExceptionDispatchInfo.Capture(exception);
        stop.Cancel();
    }
}

using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Dewy.PowerShell.Commands;

/// <summary>
/// Lets a cmdlet be asynchronous. Its body runs on the thread pool; what it writes or asks is done on the pipeline's
/// thread, which is the only one that may, until the body has <em>ended</em>: a deployment is not abandoned on Ctrl+C.
/// </summary>
internal sealed class PipelinePump : IDisposable
{
    /// <summary>Most notes (progress, log lines) that wait for the pipeline; more are dropped and counted.</summary>
    internal const int MostWaitingNotes = 4096;

    private readonly BlockingCollection<Action> _writes = [];
    private ExceptionDispatchInfo? _broken;
    private ExceptionDispatchInfo? _failure;
    private int _waitingNotes;
    private long _droppedNotes;

    /// <summary>Notes that were dropped because the pipeline did not keep up.</summary>
    public long DroppedNotes => Interlocked.Read(ref _droppedNotes);

    /// <summary>Does something on the pipeline's thread, later; nothing once the body has ended or the pipeline is broken.</summary>
    public void Post(Action write) => TryAdd(() =>
    {
        if (_broken is null)
            write();
    });

    /// <summary>Like <see cref="Post"/>, for what may be lost.</summary>
    public void PostNote(Action write)
    {
        if (Interlocked.Increment(ref _waitingNotes) > MostWaitingNotes)
        {
            Interlocked.Decrement(ref _waitingNotes);
            Interlocked.Increment(ref _droppedNotes);
            return;
        }

        Post(() =>
        {
            Interlocked.Decrement(ref _waitingNotes);
            write();
        });
    }

    /// <summary>Asks something on the pipeline's thread; cancelled where the pipeline is broken.</summary>
    public Task<T> AskAsync<T>(Func<T> question)
    {
        // Without RunContinuationsAsynchronously the body would go on on the pipeline's thread and wait for itself.
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var added = TryAdd(() =>
        {
            if (_broken is not null)
            {
                answer.TrySetCanceled();
                return;
            }

            try
            {
                answer.TrySetResult(question());
            }
            catch
            {
                answer.TrySetCanceled();
                throw;
            }
        });
        if (!added)
            answer.TrySetCanceled();
        return answer.Task;
    }

    /// <summary>Runs the body and returns when it has ended; its failure, or the pipeline's, is thrown then.</summary>
    /// <param name="body">What to do off the pipeline's thread.</param>
    /// <param name="cancel">Tells the body that nobody takes its output any more.</param>
    public void Run(Func<Task> body, Action cancel)
    {
        _ = Task.Run(() => RunBodyAsync(body)); // its end is the end of the collection
        foreach (var write in _writes.GetConsumingEnumerable())
        {
            try
            {
                write();
            }
            catch (Exception exception) // PowerShell's own ways to end a pipeline are internal types; whatever it was is thrown below
            {
                _broken ??= ExceptionDispatchInfo.Capture(exception);
                cancel();
            }
        }

        _broken?.Throw();
        _failure?.Throw();
    }

    public void Dispose() => _writes.Dispose();

    private async Task RunBodyAsync(Func<Task> body)
    {
        try
        {
            await body();
        }
        catch (Exception exception) // the task's root: thrown on the pipeline's thread
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
        }
        finally
        {
            _writes.CompleteAdding();
        }
    }

    private bool TryAdd(Action write)
    {
        try
        {
            return _writes.TryAdd(write);
        }
        catch (InvalidOperationException)
        {
            return false; // a late writer: the body has ended (or the pump is disposed of, which is the same exception)
        }
    }
}

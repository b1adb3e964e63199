using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Dewy.Engine.Proxy.Http1;

/// <summary>
/// One direction of a socket, used again and again without allocating: one operation at a time, whose task is awaited once.
/// What goes wrong on a connection is common and expected here, so it is a result and not an exception.
/// </summary>
internal abstract class SocketOperation(Socket socket) : SocketAsyncEventArgs(true), IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> _result;

    /// <summary>Why the last operation failed; success where it did not, or the other side has ended in good order.</summary>
    public SocketError Failure { get; private set; }

    protected Socket Socket => socket;

    /// <inheritdoc/>
    bool IValueTaskSource<bool>.GetResult(short token) => _result.GetResult(token);

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _result.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);

    /// <summary>Whether what <see cref="Start"/> left to the socket is done.</summary>
    protected bool IsDone => _result.GetStatus(_result.Version) != ValueTaskSourceStatus.Pending;

    /// <summary>Runs until <see cref="Transferred"/> says that it is done, or something failed.</summary>
    /// <returns>Whether it came to a good end; null where the socket is at it, to be waited for with <see cref="WaitAsync"/>.</returns>
    protected bool? Start()
    {
        _result.Reset();
        return Step(isCompleted: false);
    }

    /// <summary>Waits for what <see cref="Start"/> left to the socket.</summary>
    protected ValueTask<bool> WaitAsync() => new(this, _result.Version);

    /// <summary>Both in one.</summary>
    protected ValueTask<bool> RunAsync() => Start() is { } result ? ValueTask.FromResult(result) : WaitAsync();

    /// <summary>Asks the socket.</summary>
    /// <returns>False where it has been done already, as <see cref="Socket.ReceiveAsync(SocketAsyncEventArgs)"/> says it.</returns>
    protected abstract bool Begin();

    /// <summary>Takes note of what was transferred.</summary>
    /// <returns>The result, or null where there is more to do.</returns>
    protected abstract bool? Transferred(int bytes);

    /// <inheritdoc/>
    protected override void OnCompleted(SocketAsyncEventArgs e)
    {
        // Whoever waits goes on here, on the thread that the socket's event came to.
        if (Step(isCompleted: true) is { } result)
            _result.SetResult(result);
    }

    /// <returns>The result, or null while the socket is at it.</returns>
    private bool? Step(bool isCompleted)
    {
        while (true)
        {
            if (!isCompleted)
            {
                try
                {
                    if (Begin())
                        return null;
                }
                catch (ObjectDisposedException)
                {
                    Failure = SocketError.OperationAborted; // it was broken off meanwhile
                    return false;
                }
            }

            Failure = SocketError;
            var result = Transferred(BytesTransferred);
            if (Failure != SocketError.Success)
                return false;
            if (result is not null)
                return result;
            isCompleted = false;
        }
    }
}

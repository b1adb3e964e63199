using System.Net.Sockets;

namespace Dewy.Engine.Proxy.Tcp.Epoll;

/// <summary>Waits until a connection that was begun is there, or has failed.</summary>
internal sealed class Connecting(EventLoop loop, int descriptor) : IEventTarget
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _key = -1;

    /// <summary>Completes when the socket can be asked how it went; nothing is registered any more then.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; the socket is free to be closed.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        loop.Post(Start);
        await using var registration = cancellationToken.UnsafeRegister(static connecting => ((Connecting?)connecting)?.Cancel(), this);
        await _done.Task;
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <inheritdoc/>
    public void OnEvents(uint events)
    {
        if (EpollCalls.IsWritable(descriptor))
            End();
    }

    private void Start()
    {
        try
        {
            _key = loop.Add(descriptor, this);
        }
        catch (SocketException exception)
        {
            _done.TrySetException(exception);
        }
    }

    private void Cancel() => loop.Post(End);

    private void End()
    {
        if (_key >= 0)
            loop.Remove(descriptor, _key);
        _key = -1;
        _done.TrySetResult();
    }
}

using System.Net.Sockets;

namespace Dewy.Engine.Proxy.Tcp.Epoll;

/// <summary>Passes bytes on the thread of an <see cref="EventLoop"/>, where their arrival is told.</summary>
/// <inheritdoc cref="ITcpRelay"/>
internal sealed class EpollRelay : ITcpRelay
{
    private readonly EventLoop _loop;
    private readonly RelaySide _client;
    private readonly RelaySide _backend;
    private readonly Flow _upload;
    private readonly Flow _download;
    private readonly TaskCompletionSource<TcpOutcome> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action _turn;
    private QuietTime _quiet;
    private TcpOutcome _outcome;
    private bool _isWaitingForTurn;
    private bool _isClosed;
    private Exception? _mistake;

    public EpollRelay(EventLoop loop, Socket client, Socket backend)
    {
        _loop = loop;
        _turn = TakeTurn;
        _client = new RelaySide(this, client, TcpOutcome.BrokenByClient);
        _backend = new RelaySide(this, backend, TcpOutcome.BrokenByBackend);
        _upload = new Flow(loop, _client, _backend);
        _download = new Flow(loop, _backend, _client);
    }

    /// <inheritdoc/>
    public long Bytes => _upload.Bytes + _download.Bytes;

    /// <inheritdoc/>
    public Task<TcpOutcome> RunAsync()
    {
        _loop.Post(Start);
        return _ended.Task;
    }

    /// <inheritdoc/>
    public void End(TcpOutcome outcome)
    {
        if (Interlocked.CompareExchange(ref _outcome, outcome, TcpOutcome.Open) == TcpOutcome.Open)
            _loop.Post(Close);
    }

    /// <inheritdoc/>
    public void EndIfIdle(TimeProvider time, TimeSpan limit)
    {
        if (_quiet.Reaches(time, limit))
            End(TcpOutcome.Idle);
    }

    /// <summary>Something may have changed at one of its sides.</summary>
    public void OnEvents(RelaySide side, uint events)
    {
        var writing = side == _client ? _download : _upload;
        if ((events & (EpollCalls.Writable | EpollCalls.Failed | EpollCalls.HungUp)) != 0)
            writing.Unblock();
        Run();
    }

    private void TakeTurn()
    {
        _isWaitingForTurn = false;
        Run();
    }

    private void Start()
    {
        if (_isClosed)
            return;
        try
        {
            _client.Register(_loop);
            _backend.Register(_loop);
        }
        catch (SocketException)
        {
            EndHere(TcpOutcome.Unavailable);
        }
    }

    private void Run()
    {
        if (_isClosed)
            return;
        try
        {
            PassOn();
        }
        catch (Exception exception)
        {
            // A mistake of ours ends this connection, and not the thread of all.
            _mistake = exception;
            EndHere(TcpOutcome.Cut);
        }
    }

    private void PassOn()
    {
        var before = Bytes;
        var isDone = _upload.Run() & _download.Run();
        isDone &= Hear(_upload, _download) & Hear(_download, _upload);
        if (Bytes != before)
            _quiet.Moved();
        if (IsBroken(_upload) || IsBroken(_download) || (_upload.IsOver && _download.IsOver))
            EndHere((_upload.BrokenBy ?? _download.BrokenBy)?.Broken ?? TcpOutcome.Completed);
        else if (BrokeOffAfterItsEnd(_upload) || BrokeOffAfterItsEnd(_download))
            EndHere((_upload.IsOver ? _client : _backend).Broken);
        else if (!isDone && !_isWaitingForTurn)
            AskForTurn();
    }

    private void AskForTurn()
    {
        _isWaitingForTurn = true;
        _loop.Again(_turn);
    }

    /// <summary>Nobody receives from a side that has said all it had to say: only the kernel tells that it broke off after.</summary>
    private static bool BrokeOffAfterItsEnd(Flow flow) => flow.IsOver && flow.BrokenBy is null && flow.From.HasFailed && flow.From.TakeError();

    /// <summary>A side that can be received from no longer has said all that it will; one that takes nothing more may have said something yet.</summary>
    private static bool IsBroken(Flow flow) => flow.BrokenBy is { } side && side == flow.From;

    /// <summary>Where <paramref name="flow"/> has just found that nobody takes what it brings: what that side has said before is passed on.</summary>
    private static bool Hear(Flow flow, Flow other)
    {
        if (flow.BrokenBy is not { } side || side == flow.From || side.IsHeardOut)
            return true;
        side.IsHeardOut = true;
        side.IsReadable = true;
        side.HasMarks = true;
        return other.Run();
    }

    private void EndHere(TcpOutcome outcome)
    {
        Interlocked.CompareExchange(ref _outcome, outcome, TcpOutcome.Open);
        Close();
    }

    private void Close()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _upload.Release();
        _download.Release();
        _client.Unregister(_loop);
        _backend.Unregister(_loop);
        TcpSocket.Close(_client.Socket, _outcome);
        TcpSocket.Close(_backend.Socket, _outcome);
        if (_mistake is null)
            _ended.TrySetResult(_outcome);
        else
            _ended.TrySetException(_mistake);
    }
}

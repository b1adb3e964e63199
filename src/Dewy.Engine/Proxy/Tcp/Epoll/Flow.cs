using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Dewy.Engine.Proxy.Tcp.Epoll;

/// <summary>
/// One direction of a relay. Short messages are received into the loop's memory and sent from there, which is two calls and
/// keeps nothing; a large stream goes through a pipe, where the kernel passes pages on instead of copying them.
/// </summary>
internal sealed unsafe class Flow(EventLoop loop, RelaySide from, RelaySide to)
{
    /// <summary>Pieces passed on in one turn: others wait meanwhile.</summary>
    private const int MostPieces = 4;

    /// <summary>What has to come at once for it to be a large stream.</summary>
    private const int LargeBytes = 16 * 1024;

    private Leftover _leftover;
    private SplicePipe? _pipe;
    private int _inPipe;
    private int _atOnce;
    private bool _isLarge;
    private bool _isBlocked;
    private bool _sawEnd;

    public RelaySide From => from;

    /// <summary>Bytes passed on.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether nothing more will be passed on.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The side that broke off; null while none has.</summary>
    public RelaySide? BrokenBy { get; private set; }

    /// <summary>Passes on what there is.</summary>
    /// <returns>False where there is more, but its turn is over.</returns>
    public bool Run()
    {
        for (var piece = 0; piece < MostPieces; piece++)
        {
            if (IsOver || !Flush())
                return true;
            if (_sawEnd)
            {
                Finish();
                return true;
            }

            if (!from.IsReadable)
                return true;
            if (!_isLarge || !Splice())
                Copy();
        }

        return IsOver || _isBlocked;
    }

    /// <summary>The receiving side may take something again.</summary>
    public void Unblock() => _isBlocked = false;

    /// <summary>Gives up what it holds; it must not be run after.</summary>
    public void Release()
    {
        IsOver = true;
        _leftover.Release();
        if (_pipe is not null)
            loop.Pipes.Discard(_pipe);
        _pipe = null;
    }

    /// <returns>Whether everything that was received has been sent.</returns>
    private bool Flush()
    {
        if (_isBlocked)
            return false;
        if (!_leftover.IsEmpty)
            return FlushLeftover();
        return _pipe is null || FlushPipe();
    }

    private bool FlushLeftover()
    {
        var bytes = _leftover.Bytes;
        int sent;
        fixed (byte* first = bytes)
            sent = Send(first, bytes.Length);
        if (!IsOver)
            _leftover.Sent(sent);
        return sent == bytes.Length;
    }

    private bool FlushPipe()
    {
        while (_inPipe > 0)
        {
            var count = EpollCalls.Splice(_pipe!.Reading, null, to.Descriptor, null, (nuint)_inPipe, EpollCalls.MoveWithoutWaiting);
            if (count > 0)
            {
                Sent((int)count);
                _inPipe -= (int)count;
            }
            else if (!CanRepeatSend())
            {
                return false;
            }
        }

        loop.Pipes.Return(_pipe!);
        _pipe = null;
        return true;
    }

    private void Copy()
    {
        var count = EpollCalls.Receive(from.Descriptor, loop.Buffer, EventLoop.BufferBytes, EpollCalls.DoNotWait);
        if (count <= 0)
        {
            ReceivedNothing(isEnd: count == 0);
            return;
        }

        Received((int)count);
        if (count < EventLoop.BufferBytes && !from.HasMarks)
            Emptied();
        var sent = Send(loop.Buffer, (int)count);
        if (sent < count && !IsOver)
            _leftover.Keep(new ReadOnlySpan<byte>(loop.Buffer + sent, (int)count - sent));
    }

    /// <returns>False where it could not be done this way, for whatever reason.</returns>
    private bool Splice()
    {
        if (loop.Pipes.TryTake() is not { } pipe)
            return false;
        var count = EpollCalls.Splice(from.Descriptor, null, pipe.Writing, null, PipePool.PipeBytes, EpollCalls.MoveWithoutWaiting);
        if (count > 0)
        {
            _pipe = pipe;
            _inPipe = (int)count;
            Received((int)count);
            return true;
        }

        loop.Pipes.Return(pipe);
        if (count < 0 && Marshal.GetLastPInvokeError() == EpollCalls.WouldBlock && !from.HasMarks)
        {
            Emptied();
            return true;
        }

        return false; // receiving finds out what it is
    }

    private void Received(int count)
    {
        _atOnce = Math.Min(LargeBytes, _atOnce + count); // a stream may never pause
        if (_atOnce == LargeBytes)
            _isLarge = true;
    }

    /// <summary>There is no more for now: what came at once tells how the next will come.</summary>
    private void Emptied()
    {
        from.IsReadable = false;
        _isLarge = _atOnce == LargeBytes;
        _atOnce = 0;
    }

    private void ReceivedNothing(bool isEnd)
    {
        if (isEnd)
        {
            from.IsReadable = false;
            _sawEnd = true;
            return;
        }

        switch (Marshal.GetLastPInvokeError())
        {
            case EpollCalls.Interrupted:
                break;
            case EpollCalls.WouldBlock:
                from.HasMarks = false;
                Emptied();
                break;
            default:
                Break(from);
                break;
        }
    }

    /// <returns>How many bytes were sent; fewer where the side takes no more for now, or broke off.</returns>
    private int Send(byte* bytes, int count)
    {
        var sent = 0;
        while (sent < count)
        {
            var piece = EpollCalls.Send(to.Descriptor, bytes + sent, (nuint)(count - sent), EpollCalls.DoNotWait);
            if (piece > 0)
            {
                Sent((int)piece);
                sent += (int)piece;
            }
            else if (!CanRepeatSend())
            {
                break;
            }
        }

        return sent;
    }

    private void Sent(int count) => Bytes += count;

    private bool CanRepeatSend()
    {
        switch (Marshal.GetLastPInvokeError())
        {
            case EpollCalls.Interrupted:
                return true;
            case EpollCalls.WouldBlock:
                _isBlocked = true;
                return false;
            default:
                Break(to);
                return false;
        }
    }

    /// <summary>The one side has ended: the other is told.</summary>
    private void Finish()
    {
        IsOver = true;
        try
        {
            to.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            BrokenBy = to;
        }
    }

    private void Break(RelaySide side)
    {
        Release();
        BrokenBy = side;
    }
}

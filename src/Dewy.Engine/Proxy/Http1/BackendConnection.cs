using System.Net.Sockets;

namespace Dewy.Engine.Proxy.Http1;

/// <summary>
/// A connection to a backend: for one exchange at a time, at rest in its pool in between. While it rests it is being read
/// from, so that one that was closed, or on which something came that nobody asked for, is known before it is used again.
/// </summary>
internal sealed class BackendConnection(Socket socket) : IDisposable
{
    /// <summary>The cause is in the lowest bits of the word, the number of the exchange in the others.</summary>
    private const uint Exchange = 8;

    // Never disposed, for it may just be cancelled; without a timer it holds nothing.
    private readonly CancellationTokenSource _broken = new();
    private uint _word; // begins anew after half a thousand million exchanges, cause and all
    private volatile bool _moved = true; // to be connected is to move: what is new is not quiet since ever
    private volatile bool _rests;
    private long _since;

    public SocketReader Reader { get; } = new(socket);

    public SocketWriter Writer { get; } = new(socket);

    public AnswerHead Head { get; } = new();

    public ChunkDecoder Chunks { get; } = new();

    public FieldTexts Texts { get; } = new();

    /// <summary>Cancelled when it was broken off: what an exchange waits for elsewhere ends then.</summary>
    public CancellationToken Broken => _broken.Token;

    /// <summary>Why it was broken off, if it was.</summary>
    public BreakCause Cause => (BreakCause)(Volatile.Read(ref _word) % Exchange);

    /// <summary>Whether it has served an exchange before the present one.</summary>
    public bool IsUsed { get; private set; }

    /// <summary>Since when it rests, as a time stamp.</summary>
    public long RestsSince => _since;

    /// <summary>Begins an exchange.</summary>
    /// <returns>False where it was broken off, or the other side said something or has closed it.</returns>
    public bool TryBegin()
    {
        var word = Volatile.Read(ref _word);
        if (word % Exchange != 0 || Reader.HasNews || Interlocked.CompareExchange(ref _word, word + Exchange, word) != word)
            return false;
        _moved = true;
        _rests = false;
        Head.Reset();
        Chunks.Reset();
        Writer.Reset();
        return true;
    }

    /// <summary>Ends an exchange after which another may follow.</summary>
    /// <returns>False where it was broken off.</returns>
    public bool TryRest(long now)
    {
        Writer.ReturnMemory();
        IsUsed = true;
        _since = now;
        _rests = true;
        Reader.ReadAhead();
        return Cause == BreakCause.None;
    }

    /// <summary>Asks the system whether anything came: sees what is on its way to <see cref="SocketReader.HasNews"/> still.</summary>
    public bool IsQuiet()
    {
        try
        {
            return !socket.Poll(0, SelectMode.SelectRead);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>A byte has moved, in whichever direction.</summary>
    public void Moved() => _moved = true;

    /// <summary>Breaks it off; the first cause stays.</summary>
    public void Break(BreakCause cause)
    {
        var word = Volatile.Read(ref _word);
        while (word % Exchange == 0 && !TryBreak(word, cause))
            word = Volatile.Read(ref _word);
    }

    /// <summary>Breaks it off if no byte has moved for some time; to be called again and again.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="limit">How long it may be quiet in an exchange.</param>
    public void BreakIfQuiet(TimeProvider time, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(time);
        var word = Volatile.Read(ref _word); // of this exchange: should another begin meanwhile, it must not be hit
        if (_rests || word % Exchange != 0)
            return;
        if (_moved)
        {
            // Noted here and not by those who move bytes: that would be a look at the clock for every piece.
            _moved = false;
            _since = time.GetTimestamp();
        }
        else if (time.GetElapsedTime(_since) >= limit)
        {
            TryBreak(word, BreakCause.Idle);
        }
    }

    /// <summary>Closes it. Nobody reads or writes any more, but for the read of one that rests.</summary>
    public void Dispose()
    {
        Writer.ReturnMemory();
        Reader.ReturnLarge();
        if (_rests)
            EndInOrder();
        socket.Dispose();
        Reader.Dispose();
        Writer.Dispose();
    }

    /// <summary>To dispose a socket that is being read from would be a reset, which applications complain of.</summary>
    private void EndInOrder()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }
    }

    private bool TryBreak(uint word, BreakCause cause)
    {
        if (Interlocked.CompareExchange(ref _word, word + (uint)cause, word) != word)
            return false;
        socket.Dispose();
        _broken.Cancel();
        return true;
    }
}

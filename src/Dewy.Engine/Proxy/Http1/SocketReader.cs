using System.Buffers;
using System.Net.Sockets;

namespace Dewy.Engine.Proxy.Http1;

/// <summary>
/// What a backend sends, as it comes. Reads into a small piece of memory that belongs to the connection; a large one is lent
/// to it only while something large comes.
/// </summary>
internal sealed class SocketReader(Socket socket) : SocketOperation(socket)
{
    /// <summary>What each connection holds: enough for most answers that are no files.</summary>
    public const int SmallBytes = 8 * 1024;

    /// <summary>What is read at once of something large; the longest head has room in it.</summary>
    public const int LargeBytes = AnswerLimits.HeadBytes;

    private readonly byte[] _small = GC.AllocateUninitializedArray<byte>(SmallBytes);
    private byte[]? _large;
    private int _start;
    private int _end;
    private bool _filled;
    private bool _isAhead;
    private bool? _ahead;

    /// <summary>What came and was not consumed.</summary>
    public ReadOnlyMemory<byte> Unread => Bytes.AsMemory(_start, _end - _start);

    /// <summary>Whether something came since <see cref="ReadAhead"/>: bytes, the end, or a failure.</summary>
    public bool HasNews => _isAhead && (_ahead is not null || IsDone);

    private byte[] Bytes => _large ?? _small;

    /// <summary>Takes bytes off the beginning of <see cref="Unread"/>.</summary>
    public void Consume(int count) => _start += count;

    /// <summary>Waits for more. There must be room: less than <see cref="LargeBytes"/> unread.</summary>
    /// <returns>False where nothing comes any more: <see cref="SocketOperation.Failure"/> says whether that was in good order.</returns>
    public ValueTask<bool> ReadAsync()
    {
        if (_isAhead)
        {
            _isAhead = false;
            return _ahead is { } result ? ValueTask.FromResult(result) : WaitAsync();
        }

        MakeRoom();
        return RunAsync();
    }

    /// <summary>Begins a read that the next <see cref="ReadAsync"/> goes on with. Everything was consumed.</summary>
    public void ReadAhead()
    {
        if (_isAhead)
            return;
        ReturnLarge();
        _start = _end = 0;
        _ahead = Start();
        _isAhead = true;
    }

    /// <inheritdoc/>
    protected override bool Begin()
    {
        SetBuffer(Bytes.AsMemory(_end));
        return Socket.ReceiveAsync(this);
    }

    /// <inheritdoc/>
    protected override bool? Transferred(int bytes)
    {
        _end += bytes;
        _filled = _end == Bytes.Length;
        return bytes > 0;
    }

    /// <summary>Gives up the memory that was lent. Nothing is being read.</summary>
    public void ReturnLarge()
    {
        if (_large is not { } large)
            return;
        ArrayPool<byte>.Shared.Return(large);
        _large = null;
        _filled = false;
    }

    /// <summary>Room for the next read: the large memory where the last one filled what there was, the small one else.</summary>
    private void MakeRoom()
    {
        var unread = _end - _start;
        if (unread > 0 && _end < Bytes.Length)
            return;
        if (unread == 0 && !_filled)
        {
            ReturnLarge();
        }
        else if (_large is null && (unread == 0 || unread == _small.Length))
        {
            _large = ArrayPool<byte>.Shared.Rent(LargeBytes);
            _small.AsSpan(_start, unread).CopyTo(_large);
        }
        else if (unread > 0)
        {
            Bytes.AsSpan(_start, unread).CopyTo(Bytes);
        }

        _start = 0;
        _end = unread;
    }
}

using System.Buffers;
using System.Net.Sockets;

namespace Dewy.Engine.Proxy.Http1;

/// <summary>Collects what goes to a backend and sends it at once. Memory is lent to it while there is something to collect.</summary>
internal sealed class SocketWriter(Socket socket) : SocketOperation(socket), IBufferWriter<byte>
{
    /// <summary>What is collected at first: most requests are smaller.</summary>
    private const int SmallBytes = 4 * 1024;

    private byte[] _bytes = [];
    private int _length;
    private int _flushed;

    /// <summary>Whether the system took at least one byte since <see cref="Reset"/>: only where not, it is certain that nothing was sent.</summary>
    public bool HasSent { get; private set; }

    /// <summary>Forgets what it knows of an earlier request.</summary>
    public void Reset()
    {
        HasSent = false;
        _length = 0;
    }

    /// <inheritdoc/>
    public void Advance(int count) => _length += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(_length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(Math.Max(sizeHint, 1));
        return _bytes.AsSpan(_length);
    }

    /// <summary>Sends what was collected, all of it.</summary>
    /// <returns>False where that is not possible: the connection is dead for sending.</returns>
    public ValueTask<bool> FlushAsync()
    {
        _flushed = 0;
        return RunAsync();
    }

    /// <summary>Gives up the memory that was lent. Nothing is being sent.</summary>
    public void ReturnMemory()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _length = 0;
    }

    /// <inheritdoc/>
    protected override bool Begin()
    {
        SetBuffer(_bytes.AsMemory(_flushed, _length - _flushed));
        return Socket.SendAsync(this);
    }

    /// <inheritdoc/>
    protected override bool? Transferred(int bytes)
    {
        HasSent |= bytes > 0;
        _flushed += bytes;
        if (_flushed < _length)
            return null;
        _length = 0;
        return true;
    }

    private void Ensure(int room)
    {
        if (_bytes.Length - _length >= room)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(SmallBytes, (_length + room) * 2));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}

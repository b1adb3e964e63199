using System.Buffers;
using System.Runtime.InteropServices;

namespace Dewy.Engine.Proxy.Tcp.Epoll;

/// <summary>Bytes that were received and could not be sent yet. Holds memory only while there are some.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct Leftover
{
    private byte[]? _bytes;
    private int _start;
    private int _end;

    public readonly bool IsEmpty => _bytes is null;

    /// <summary>What is left, from the first that was not sent.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Keeps a copy; there is nothing left before.</summary>
    public void Keep(ReadOnlySpan<byte> bytes)
    {
        _bytes = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(_bytes);
        (_start, _end) = (0, bytes.Length);
    }

    /// <summary>So many were sent.</summary>
    public void Sent(int count)
    {
        _start += count;
        if (_start >= _end)
            Release();
    }

    /// <summary>Forgets what is left.</summary>
    public void Release()
    {
        if (_bytes is not null)
            ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _start, _end) = (null, 0, 0);
    }
}

using System.Buffers;
using System.Runtime.InteropServices;

namespace Dewy.Engine.Proxy.Tcp.Sockets;

/// <summary>
/// Memory for one direction of a connection, as much as it uses. Nothing while it has not said anything, or is between the
/// parts of something large; a small piece while it waits in a conversation of short messages, where to wait without memory
/// would be a system call more for each; a large piece only while bytes are being moved.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct CopyBuffer : IDisposable
{
    /// <summary>What a waiting connection may hold for each direction.</summary>
    public const int SmallBytes = 4 * 1024;

    /// <summary>What is moved at once: more gains nothing (measured on loopback with answers of 100 KB).</summary>
    public const int LargeBytes = 64 * 1024;

    private byte[]? _bytes;
    private bool _isConversation;

    /// <summary>Where to receive the next bytes; empty to wait for them first, without memory.</summary>
    public Memory<byte> ForWaiting()
    {
        if (!_isConversation)
            return Memory<byte>.Empty;
        return _bytes ??= ArrayPool<byte>.Shared.Rent(SmallBytes);
    }

    /// <summary>Where to receive bytes that are there already.</summary>
    public Memory<byte> ForMoving() => _bytes ??= ArrayPool<byte>.Shared.Rent(LargeBytes);

    /// <summary>Bytes were received and sent on: chooses what to hold next.</summary>
    /// <param name="count">How many.</param>
    public void Moved(int count)
    {
        if (_isConversation)
        {
            if (count < SmallBytes)
                return;
            _isConversation = false;
            Dispose();
            return;
        }

        _isConversation = count < SmallBytes;
        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_bytes is { } bytes)
            ArrayPool<byte>.Shared.Return(bytes);
        _bytes = null;
    }
}

using System.Buffers.Binary;

namespace Dewy.Engine.Proxy.WebSockets;

/// <summary>
/// Follows one direction of a WebSocket to know where a frame ends: only there, between the fragments of a message too, may
/// a control frame be put in (RFC 6455, 5.2 and 5.4).
/// </summary>
internal sealed class FrameTracker
{
    private const int CloseOpcode = 0x8;

    /// <summary>Two bytes, up to eight of length, four of the mask.</summary>
    private const int LongestHeader = 14;

    private readonly byte[] _header = new byte[LongestHeader];
    private int _headerLength;
    private ulong _payloadLeft;

    /// <summary>Whether the last byte seen was the last of a frame, or none was seen yet.</summary>
    public bool IsAtBoundary => _headerLength == 0 && _payloadLeft == 0;

    /// <summary>Whether a close frame went by: after it nothing more is said in this direction (RFC 6455, 5.5.1).</summary>
    public bool HasClosed { get; private set; }

    /// <summary>Takes note of all bytes.</summary>
    public void Follow(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[FollowToBoundary(bytes)..];
    }

    /// <summary>Takes note of the bytes up to the end of the current frame.</summary>
    /// <returns>How many they are; all of them where the frame goes on.</returns>
    public int FollowToBoundary(ReadOnlySpan<byte> bytes)
    {
        var taken = 0;
        while (taken < bytes.Length)
        {
            if (_payloadLeft > 0)
            {
                var part = (int)Math.Min((ulong)(bytes.Length - taken), _payloadLeft);
                taken += part;
                _payloadLeft -= (ulong)part;
                if (_payloadLeft == 0 && EndFrame())
                    return taken;
                continue;
            }

            _header[_headerLength++] = bytes[taken++];
            if (_headerLength < 2 || _headerLength < HeaderNeeded())
                continue;
            _payloadLeft = PayloadLength();
            if (_payloadLeft == 0 && EndFrame())
                return taken;
        }

        return taken;
    }

    private bool EndFrame()
    {
        HasClosed |= (_header[0] & 0x0F) == CloseOpcode;
        _headerLength = 0;
        return true;
    }

    private int HeaderNeeded()
    {
        var length = (_header[1] & 0x7F) switch { 126 => 4, 127 => 10, _ => 2 };
        return (_header[1] & 0x80) != 0 ? length + 4 : length;
    }

    private ulong PayloadLength() => (_header[1] & 0x7F) switch
    {
        126 => BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(2)),
        127 => BinaryPrimitives.ReadUInt64BigEndian(_header.AsSpan(2)),
        var length => (ulong)length,
    };
}

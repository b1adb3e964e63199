using System.Security.Cryptography;

namespace Dewy.Engine.Proxy.WebSockets;

/// <summary>The frame that says "going away" (1001; RFC 6455, 5.5.1 and 7.4.1).</summary>
internal static class CloseFrame
{
    private const byte FinalClose = 0x88;
    private const byte CodeHigh = 1001 >> 8;
    private const byte CodeLow = 1001 & 0xFF;

    /// <summary>Bytes of <see cref="WriteMasked"/>.</summary>
    public const int MaskedLength = 8;

    /// <summary>As a server sends it.</summary>
    public static readonly ReadOnlyMemory<byte> FromServer = new byte[] { FinalClose, 2, CodeHigh, CodeLow };

    /// <summary>As a client sends it: masked with four random bytes.</summary>
    public static void WriteMasked(Span<byte> buffer)
    {
        buffer[0] = FinalClose;
        buffer[1] = 0x80 | 2;
        var mask = buffer.Slice(2, 4);
        RandomNumberGenerator.Fill(mask);
        buffer[6] = (byte)(CodeHigh ^ mask[0]);
        buffer[7] = (byte)(CodeLow ^ mask[1]);
    }
}

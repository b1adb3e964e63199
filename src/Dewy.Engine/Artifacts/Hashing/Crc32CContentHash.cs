using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Dewy.Engine.Artifacts.Hashing;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4), the checksum Google Cloud Storage states; big-endian, as there.</summary>
internal sealed class Crc32CContentHash : IContentHash
{
    private uint _state = uint.MaxValue;

    public string Algorithm => "crc32c";

    public void Append(ReadOnlySpan<byte> content)
    {
        var state = _state;
        var words = MemoryMarshal.Cast<byte, ulong>(content);
        foreach (var word in words)
            state = BitOperations.Crc32C(state, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (var single in content[(words.Length * sizeof(ulong))..])
            state = BitOperations.Crc32C(state, single);
        _state = state;
    }

    public byte[] Finish()
    {
        var hash = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(hash, ~_state);
        _state = uint.MaxValue;
        return hash;
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}

using System.IO.Hashing;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>An entry's content, held to the length and CRC-32 its archive declares.</summary>
internal sealed class VerifiedStream(Stream content, string name, long length, uint? crc) : ReadOnlyStream
{
    private readonly Crc32 _crc = new();
    private long _read;

    public override int Read(Span<byte> buffer) => Check(buffer, content.Read(buffer));

    public override int Read(byte[] buffer, int offset, int count) => Check(buffer.AsSpan(offset, count), content.Read(buffer, offset, count));

    private int Check(Span<byte> buffer, int count)
    {
        if (buffer.IsEmpty)
            return 0;
        _read += count;
        if (_read > length)
            throw ArchiveFailure.Corrupt($"Entry '{ArchiveFailure.Show(name)}' is longer than the {length} bytes it declares.");
        _crc.Append(buffer[..count]);
        if (count > 0)
            return count;
        if (_read < length)
            throw ArchiveFailure.Corrupt($"Entry '{ArchiveFailure.Show(name)}' ends after {_read} of {length} bytes.");
        if (crc is { } expected && _crc.GetCurrentHashAsUInt32() != expected)
            throw ArchiveFailure.Corrupt($"Entry '{ArchiveFailure.Show(name)}' is damaged: its CRC-32 is wrong.");
        return 0;
    }
}

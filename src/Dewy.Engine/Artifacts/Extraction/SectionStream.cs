using Microsoft.Win32.SafeHandles;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>A stretch of a file, read forward without moving anybody else's position.</summary>
internal sealed class SectionStream(SafeFileHandle file, long start, long length) : ReadOnlyStream
{
    private readonly byte[] _buffer = new byte[(int)Math.Clamp(length, 1, 64 << 10)];
    private long _taken;
    private int _start;
    private int _end;

    public override long Length => length;

    /// <summary>Bytes handed out so far.</summary>
    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        var filled = 0;
        while (filled < buffer.Length && (_start < _end || Refill()))
        {
            var count = Math.Min(buffer.Length - filled, _end - _start);
            _buffer.AsSpan(_start, count).CopyTo(buffer[filled..]);
            _start += count;
            filled += count;
        }

        Position += filled;
        return filled;
    }

    private bool Refill()
    {
        var wanted = (int)Math.Min(_buffer.Length, length - _taken);
        _start = 0;
        _end = wanted == 0 ? 0 : RandomAccess.Read(file, _buffer.AsSpan(0, wanted), start + _taken);
        _taken += _end;
        return _end > 0;
    }
}

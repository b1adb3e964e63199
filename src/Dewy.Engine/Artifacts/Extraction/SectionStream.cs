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
        if (_start == _end)
        {
            var wanted = (int)Math.Min(_buffer.Length, length - _taken);
            _start = 0;
            _end = wanted == 0 ? 0 : RandomAccess.Read(file, _buffer.AsSpan(0, wanted), start + _taken);
            _taken += _end;
        }

        var count = Math.Min(buffer.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        Position += count;
        return count;
    }
}

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>A forward-only stream whose next few bytes can be looked at first. Closing it leaves the source open: decoders close what they read from.</summary>
internal sealed class PeekableStream(Stream source) : ReadOnlyStream
{
    private readonly byte[] _head = new byte[1024];
    private int _start;
    private int _end;

    /// <summary>Bytes handed out so far.</summary>
    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _end - _start);
        _head.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        if (count < buffer.Length)
            count += source.Read(buffer[count..]);
        Position += count;
        return count;
    }

    /// <summary>The next bytes, fewer where the stream ends before; at most 1024. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        if (_end - _start < count)
        {
            _head.AsSpan(_start.._end).CopyTo(_head);
            (_start, _end) = (0, _end - _start);
            _end += source.ReadAtLeast(_head.AsSpan(_end, count - _end), count - _end, throwOnEndOfStream: false);
        }

        return _head.AsSpan(_start, Math.Min(count, _end - _start));
    }

    /// <summary>Passes over bytes that were peeked.</summary>
    public void Skip(int count)
    {
        _start += count;
        Position += count;
    }
}

namespace Dewy.Engine.Tests.Artifacts;

/// <summary>A stream whose reads a test writes: takes the position and the buffer, returns how many bytes it put there.</summary>
internal sealed class ScriptedStream(Func<long, Memory<byte>, CancellationToken, ValueTask<int>> read) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Breaks with an exception after so many bytes.</summary>
    public static ScriptedStream Cutting(Stream inner, int after, Func<Exception> failure) => new(async (position, buffer, token) =>
        position < after
            ? await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, after - position)], token)
            : throw failure());

    /// <summary>Says nothing more after so many bytes, until it is cancelled.</summary>
    public static ScriptedStream Stalling(Stream inner, int after, TaskCompletionSource stalled) => new(async (position, buffer, token) =>
    {
        if (position < after)
            return await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, after - position)], token);
        stalled.TrySetResult();
        await Task.Delay(Timeout.Infinite, token);
        return 0;
    });

    /// <summary>So many bytes of a pattern, or without end.</summary>
    public static ScriptedStream Generated(long length = long.MaxValue) => new((position, buffer, _) =>
    {
        var count = (int)Math.Min(buffer.Length, length - position);
        buffer.Span[..count].Fill((byte)(position >> 20));
        return ValueTask.FromResult(count);
    });

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var count = await read(_position, buffer, cancellationToken);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

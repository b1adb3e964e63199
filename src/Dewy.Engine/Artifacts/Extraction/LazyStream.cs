namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>Opens a decoder on the first read: some read, and fail, in their constructor.</summary>
internal sealed class LazyStream(Func<Stream> open) : ReadOnlyStream
{
    private Stream? _stream;

    public override int Read(Span<byte> buffer) => (_stream ??= open()).Read(buffer);

    public override int Read(byte[] buffer, int offset, int count) => (_stream ??= open()).Read(buffer, offset, count);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _stream?.Dispose();
        base.Dispose(disposing);
    }
}

using SharpCompress.Compressors.Xz;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>
/// The content of an xz file. SharpCompress reads one stream; a file may have several with padding between them
/// (https://tukaani.org/xz/xz-file-format.txt, section 2), as parallel compressors write.
/// </summary>
internal sealed class XzFileStream(Stream source) : ReadOnlyStream
{
    private const int HeadLength = 12 + 2; // stream header, and of the block header its size and flags

    private readonly PeekableStream _source = new(source);
    private XZStream? _stream;

    public override int Read(Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (_stream is null && !OpenNext())
                return 0;
            if (_stream?.Read(buffer) is > 0 and var count)
                return count;
            _stream?.Dispose();
            _stream = null;
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _stream?.Dispose();
        base.Dispose(disposing);
    }

    private bool OpenNext()
    {
        var head = _source.Peek(4);
        while (head.Length == 4 && head.IndexOfAnyExcept((byte)0) < 0)
        {
            _source.Skip(4);
            head = _source.Peek(4);
        }

        if (head.IsEmpty)
            return false;
        RefuseFilters(_source.Peek(HeadLength));
        _stream = new XZStream(_source);
        return true;
    }

    // The first block header follows the stream header: its size, then flags whose low bits are the number of filters
    // less one. LZMA2 comes last, so more than one means a branch or delta filter, which SharpCompress decodes wrongly
    // (0.50.8, xz --x86): told apart from damage here.
    private static void RefuseFilters(ReadOnlySpan<byte> head)
    {
        if (head.Length == HeadLength && head[^2] != 0 && (head[^1] & 3) != 0)
        {
            throw ArchiveFailure.Unsupported(
                "The xz data use a filter besides LZMA2 (such as --x86), which Dewy does not read.",
                "Compress the artifact with plain 'xz', or as .tar.zst or .tar.gz.");
        }
    }
}

using System.IO.Compression;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>
/// The content of a gzip file: all its members, checksums verified, trailing garbage ignored as gzip(1) does, a file cut
/// short refused.
/// </summary>
internal sealed class GZipFileStream : ReadOnlyStream
{
    private readonly EndPaddedStream _input;
    private readonly GZipStream _content;

    public GZipFileStream(Stream source)
    {
        _input = new EndPaddedStream(source);
        _content = new GZipStream(_input, CompressionMode.Decompress);
    }

    public override int Read(Span<byte> buffer)
    {
        int count;
        try
        {
            count = _content.Read(buffer);
        }
        catch (InvalidDataException exception)
        {
            // The platform's own text speaks of unsupported compression methods.
            throw new InvalidDataException(_input.AtEnd ? "the file was cut short or its end is damaged" : "a block or checksum is wrong", exception);
        }

        return count == 0 && !buffer.IsEmpty && _input.RanDry ? throw new EndOfStreamException() : count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _content.Dispose();
        base.Dispose(disposing);
    }
}

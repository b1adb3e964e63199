using System.Security.Cryptography;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>Reads a file forward and computes the SHA-256 of what passes, so that extraction and verification need one read.</summary>
internal sealed class HashingStream(Stream file) : ReadOnlyStream
{
    private readonly byte[] _buffer = new byte[256 << 10];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int _start;
    private int _end;

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

    /// <summary>Reads what nobody asked for and returns the digest of the whole file.</summary>
    public Digest Complete(CancellationToken cancellationToken)
    {
        while (Refill())
            cancellationToken.ThrowIfCancellationRequested();
        return Digest.Sha256(_hash.GetHashAndReset());
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _hash.Dispose();
        base.Dispose(disposing);
    }

    private bool Refill()
    {
        _start = 0;
        _end = file.Read(_buffer);
        _hash.AppendData(_buffer, 0, _end);
        return _end > 0;
    }
}

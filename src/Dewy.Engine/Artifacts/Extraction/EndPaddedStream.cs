namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>
/// Tells a complete gzip file from one that was cut: <see cref="System.IO.Compression.GZipStream"/> ends silently in both
/// cases (tried on .NET 10, even for half a file). After the real end this stream goes on with bytes that no gzip member
/// starts with. A decompressor that has seen the end of its member leaves them as trailing garbage, which gzip ignores;
/// one that is in the middle of a member takes them for data and either fails or swallows them all.
/// </summary>
internal sealed class EndPaddedStream(Stream source) : ReadOnlyStream
{
    // Far more than a decompressor reads ahead (8 KiB); 0xFF is no gzip magic, no block type and an unlikely checksum.
    private const int PaddingLength = 64 << 10;

    private int _padding = PaddingLength;

    /// <summary>True once the real end was reached; a decompressor reads ahead, so it may not be there yet.</summary>
    public bool AtEnd { get; private set; }

    /// <summary>True when the padding was used up: the data ended in the middle of a member.</summary>
    public bool RanDry => _padding == 0;

    public override int Read(Span<byte> buffer)
    {
        if (!AtEnd && !buffer.IsEmpty)
        {
            var read = source.Read(buffer);
            if (read > 0)
                return read;
            AtEnd = true;
        }

        var count = Math.Min(buffer.Length, _padding);
        buffer[..count].Fill(0xFF);
        _padding -= count;
        return count;
    }
}

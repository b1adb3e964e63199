namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>A tar's bytes with a position, and a failure that tells it.</summary>
internal sealed class TarInput(Stream source)
{
    private readonly byte[] _skipped = new byte[32 << 10];

    /// <summary>Bytes of the tar read so far.</summary>
    public long Position { get; private set; }

    public Stream Source => source;

    /// <summary>Reads what is there, at least one byte unless the tar ends.</summary>
    public int Read(Span<byte> buffer)
    {
        var count = source.Read(buffer);
        Position += count;
        return count;
    }

    /// <summary>Fills a buffer; false when the tar ends right before it.</summary>
    /// <param name="buffer">To be filled.</param>
    /// <param name="what">What is being read, such as an entry's name, for the error.</param>
    /// <exception cref="DewyException">The tar ends within it.</exception>
    public bool TryFill(Span<byte> buffer, string what)
    {
        var count = source.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        Position += count;
        return count == buffer.Length || (count == 0 ? false : throw CutShort(what));
    }

    /// <summary>Fills a buffer.</summary>
    /// <inheritdoc cref="TryFill"/>
    public void Fill(Span<byte> buffer, string what)
    {
        if (!TryFill(buffer, what))
            throw CutShort(what);
    }

    /// <summary>Passes over bytes.</summary>
    /// <inheritdoc cref="TryFill"/>
    public void Skip(long count, string what)
    {
        while (count > 0)
        {
            var chunk = (int)Math.Min(count, _skipped.Length);
            Fill(_skipped.AsSpan(0, chunk), what);
            count -= chunk;
        }
    }

    public DewyException CutShort(string what) =>
        ArchiveFailure.Corrupt($"The tar ends at byte {Position} in the middle of '{ArchiveFailure.Show(what)}': it was cut short.");

    public DewyException Damaged(string reason) => ArchiveFailure.Corrupt($"The tar is damaged near byte {Position}: {reason}.");
}

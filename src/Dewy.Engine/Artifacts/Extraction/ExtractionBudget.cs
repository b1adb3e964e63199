namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>
/// Counts what really comes out of an archive, whatever its headers declare, and stops it at the limits of
/// <see cref="ArtifactOptions"/>. Used by the reading thread only.
/// </summary>
internal sealed class ExtractionBudget(ArtifactOptions options, long archiveLength)
{
    /// <summary>Below this many bytes the expansion ratio is not looked at: small text compresses very well.</summary>
    public const long RatioThreshold = 64L << 20;

    private long _bytes;
    private long _discarded;
    private int _entries;

    /// <summary>Bytes for files.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public int Entries => Volatile.Read(ref _entries);

    /// <summary>Counts one entry, or a header that makes none.</summary>
    public void AddEntry(string name)
    {
        if (_entries >= options.MaxEntries)
            throw ArchiveFailure.Bomb(name, $"the archive has more than {options.MaxEntries} entries");
        Volatile.Write(ref _entries, _entries + 1);
    }

    /// <summary>Counts bytes that came out for an entry.</summary>
    public void AddBytes(string name, long count)
    {
        Volatile.Write(ref _bytes, _bytes + count);
        Check(name);
    }

    /// <summary>Counts bytes that came out for nothing.</summary>
    public void AddDiscarded(string name, long count)
    {
        _discarded += count;
        Check(name);
    }

    /// <summary>Refuses a declared size before a byte of it is written.</summary>
    public void CheckDeclared(string name, long length)
    {
        if (length > options.MaxExtractedSize - _bytes)
            throw ArchiveFailure.Bomb(name, $"it declares {length} bytes and the limit for all files together is {options.MaxExtractedSize}");
    }

    private void Check(string name)
    {
        var total = _bytes + _discarded;
        if (total > options.MaxExtractedSize)
            throw ArchiveFailure.Bomb(name, $"more than {options.MaxExtractedSize} bytes come out of the archive");
        if (total > RatioThreshold && total / options.MaxExpansionRatio > archiveLength)
            throw ArchiveFailure.Bomb(name, $"{total} bytes came out of {archiveLength}, more than {options.MaxExpansionRatio} times as many");
    }
}

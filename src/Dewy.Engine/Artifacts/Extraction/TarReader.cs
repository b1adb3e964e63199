namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>
/// Reads v7, ustar, pax and GNU tars forward. System.Formats.Tar is not used for it because (tried on .NET 10) it refuses
/// GNU sparse files and pax 0.0 maps, leaves other sparse files in pieces, takes extended headers of any size into
/// memory, and does not tell where an archive is damaged.
/// </summary>
internal sealed class TarReader(Stream source, EntryIntake intake)
{
    /// <summary>Largest extended header or long name in bytes.</summary>
    private const int MaxHeaderData = 1 << 20;

    private readonly TarInput _input = new(source);
    private readonly byte[] _block = new byte[TarHeader.BlockSize];
    private readonly PaxAttributes _global = new();
    private readonly PaxAttributes _own = new();
    private byte[] _headerData = new byte[4096];
    private string? _longName;
    private string? _longLink;

    /// <summary>Passes on every entry, then reads the source to its end.</summary>
    public void Read()
    {
        while (_input.TryFill(_block, "a header") && _block.AsSpan().IndexOfAnyExcept((byte)0) >= 0)
        {
            if (!TarHeader.IsHeader(_block))
                throw _input.Damaged(_input.Position == TarHeader.BlockSize ? "it is no tar" : "a header's checksum is wrong");
            var header = TarHeader.Parse(_block) ?? throw _input.Damaged("a header contains a number that is none");
            if (TakeExtension(header))
                continue;
            TakeEntry(header);
            _own.CopyFrom(_global);
            (_longName, _longLink) = (null, null);
        }

        // Whatever follows the end mark is no part of the archive, but a compressor's checksum comes after it.
        intake.Discard(_input.Source);
    }

    private bool TakeExtension(TarHeader header)
    {
        switch (header.Type)
        {
            case 'x' or 'X':
                TakeAttributes(header, _own);
                return true;
            case 'g':
                TakeAttributes(header, _global);
                _own.CopyFrom(_global);
                return true;
            case 'L':
                _longName = TarHeader.Text(HeaderData(header));
                return true;
            case 'K':
                _longLink = TarHeader.Text(HeaderData(header));
                return true;
            case 'V' or 'A' or 'N': // a volume's label, Solaris access control, obsolete long names: nothing to extract
                HeaderData(header);
                return true;
            default:
                return false;
        }
    }

    private void TakeAttributes(TarHeader header, PaxAttributes attributes)
    {
        if (!attributes.TryAdd(HeaderData(header)))
            throw _input.Damaged("an extended header is malformed");
    }

    private ReadOnlySpan<byte> HeaderData(TarHeader header)
    {
        const string What = "an extended header";
        intake.CountHeader(What);
        if (header.Size > MaxHeaderData)
            throw _input.Damaged($"an extended header of {header.Size} bytes is larger than any real one");
        if (header.Size > _headerData.Length)
            _headerData = new byte[MaxHeaderData];
        var data = _headerData.AsSpan(0, (int)header.Size);
        _input.Fill(data, What);
        _input.Skip(Padding(header.Size), What);
        return data;
    }

    private void TakeEntry(TarHeader header)
    {
        var name = _own.Path ?? _longName ?? TarHeader.Name(_block);
        var linkName = _own.LinkPath ?? _longLink ?? TarHeader.LinkName(_block);
        var kind = Kind(header.Type, name);

        // GNU tar and others write sizes for hard links that have no content.
        var size = kind == ArchiveEntryKind.HardLink ? 0 : _own.Size ?? header.Size;
        var content = new TarContentStream(_input, name, size);
        var map = kind == ArchiveEntryKind.File ? Sparse(header, content) : null;
        if (map is not null && map.DataLength > content.Remaining)
            throw _input.Damaged($"the sparse file '{ArchiveFailure.Show(name)}' has less data than its map says");
        intake.Add(
            new ArchiveEntry
            {
                Name = name,
                Kind = kind,
                Mode = header.Mode,
                ModifiedUtc = EntryTime.FromUnixSeconds(_own.Modified ?? header.ModifiedSeconds),
                LinkTarget = linkName,
                Length = map?.RealSize ?? size,
            },
            map is null ? content : new SparseStream(content, map));
        _input.Skip(content.Remaining + Padding(size), name);
    }

    private static ArchiveEntryKind Kind(char type, string name) => type switch
    {
        '0' or '7' or 'S' => ArchiveEntryKind.File,
        '5' or 'D' => ArchiveEntryKind.Directory,
        '1' => ArchiveEntryKind.HardLink,
        '2' => ArchiveEntryKind.SymbolicLink,
        '3' or '4' or '6' => ArchiveEntryKind.Special,
        'M' => throw ArchiveFailure.Unsupported($"Entry '{ArchiveFailure.Show(name)}' continues on another volume.", "Publish the artifact as one file."),
        _ => throw ArchiveFailure.Unsupported($"Entry '{ArchiveFailure.Show(name)}' is of the unknown type '{ArchiveFailure.Show($"{type}")}'.", "Pack the artifact with an ordinary tar."),
    };

    private SparseMap? Sparse(TarHeader header, TarContentStream content)
    {
        IReadOnlyList<long>? numbers;
        var realSize = _own.SparseSize;
        if (header.Type == 'S')
        {
            var gnu = GnuSparseHeader.Read(_block, _input) ?? throw _input.Damaged("a sparse file's map is malformed");
            (numbers, realSize) = (gnu.Numbers, gnu.RealSize);
        }
        else if (_own.HasMapInContent)
        {
            numbers = PaxSparseMap.Read(content);
        }
        else if (_own.SparseMap is { } map)
        {
            numbers = SparseMap.ParseList(map);
        }
        else if (_own.SparseNumbers.Count > 0)
        {
            numbers = _own.SparseNumbers;
        }
        else
        {
            return null;
        }

        return numbers is not null && realSize is { } whole && SparseMap.Create(numbers, whole) is { } result
            ? result
            : throw _input.Damaged("a sparse file's map is malformed");
    }

    private static long Padding(long size) => (TarHeader.BlockSize - (size % TarHeader.BlockSize)) % TarHeader.BlockSize;
}

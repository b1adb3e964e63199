using System.Globalization;

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
    private PaxAttributes _global = new();
    private PaxAttributes? _own;
    private string? _longName;
    private string? _longLink;

    /// <summary>Passes on every entry, then reads the source to its end.</summary>
    public void Read()
    {
        while (_input.TryFill(_block, "a header") && _block.AsSpan().IndexOfAnyExcept((byte)0) >= 0)
        {
            if (!TarHeader.IsHeader(_block))
                throw _input.Damaged("a header's checksum is wrong");
            var header = TarHeader.Parse(_block) ?? throw _input.Damaged("a header contains a number that is none");
            if (TakeExtension(header))
                continue;
            TakeEntry(header);
            (_own, _longName, _longLink) = (null, null, null);
        }

        // Whatever follows the end mark is no part of the archive, but a compressor's checksum comes after it.
        intake.Discard(_input.Source);
    }

    private bool TakeExtension(TarHeader header)
    {
        switch (header.Type)
        {
            case 'x' or 'X':
                _own ??= _global.Clone();
                TakeAttributes(header, _own);
                return true;
            case 'g':
                var global = _global.Clone();
                TakeAttributes(header, global);
                _global = global;
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

    private byte[] HeaderData(TarHeader header)
    {
        intake.CountHeader(header.Name);
        if (header.Size > MaxHeaderData)
            throw _input.Damaged($"an extended header of {header.Size} bytes is larger than any real one");
        var data = new byte[header.Size];
        _input.Fill(data, "an extended header");
        _input.Skip(Padding(header.Size), "an extended header");
        return data;
    }

    private void TakeEntry(TarHeader header)
    {
        var attributes = _own ?? _global;
        var name = attributes["GNU.sparse.name"] ?? attributes["path"] ?? _longName ?? header.Name;
        var shown = $"'{ArchiveFailure.Show(name)}'";
        var kind = header.Type switch
        {
            '0' or '7' or 'S' => ArchiveEntryKind.File,
            '5' or 'D' => ArchiveEntryKind.Directory,
            '1' => ArchiveEntryKind.HardLink,
            '2' => ArchiveEntryKind.SymbolicLink,
            '3' or '4' or '6' => ArchiveEntryKind.Special,
            'M' => throw ArchiveFailure.Unsupported($"Entry {shown} continues on another volume.", "Publish the artifact as one file."),
            var type => throw ArchiveFailure.Unsupported($"Entry {shown} is of the unknown type '{ArchiveFailure.Show(type.ToString())}'.", "Pack the artifact with an ordinary tar."),
        };

        // GNU tar and others write sizes for hard links that have no content.
        var size = kind == ArchiveEntryKind.HardLink ? 0 : attributes.Number("size") ?? header.Size;
        var content = new TarContentStream(_input, name, size);
        var map = kind == ArchiveEntryKind.File ? Sparse(header, attributes, content) : null;
        if (map is not null && map.DataLength > content.Remaining)
            throw _input.Damaged($"the sparse file {shown} has less data than its map says");
        intake.Add(
            new ArchiveEntry
            {
                Name = name,
                Kind = kind,
                Mode = header.Mode,
                ModifiedUtc = Modified(header, attributes),
                LinkTarget = attributes["linkpath"] ?? _longLink ?? header.LinkName,
                Length = map?.RealSize ?? size,
            },
            map is null ? content : new SparseStream(content, map));
        _input.Skip(content.Remaining, shown);
        _input.Skip(Padding(size), shown);
    }

    private SparseMap? Sparse(TarHeader header, PaxAttributes attributes, TarContentStream content)
    {
        IReadOnlyList<long>? numbers;
        long? realSize;
        if (header.Type == 'S')
        {
            var gnu = GnuSparseHeader.Read(_block, _input) ?? throw _input.Damaged("a sparse file's map is malformed");
            (numbers, realSize) = (gnu.Numbers, gnu.RealSize);
        }
        else if (attributes["GNU.sparse.major"] is "1")
        {
            (numbers, realSize) = (PaxSparseMap.Read(content), attributes.Number("GNU.sparse.realsize"));
        }
        else if (attributes["GNU.sparse.map"] is { } map)
        {
            (numbers, realSize) = (SparseMap.ParseList(map), attributes.Number("GNU.sparse.size"));
        }
        else if (attributes.SparseNumbers.Count > 0)
        {
            (numbers, realSize) = (attributes.SparseNumbers, attributes.Number("GNU.sparse.size"));
        }
        else
        {
            return null;
        }

        return numbers is not null && realSize is { } whole && SparseMap.Create(numbers, whole) is { } result
            ? result
            : throw _input.Damaged("a sparse file's map is malformed");
    }

    private static DateTime? Modified(TarHeader header, PaxAttributes attributes)
    {
        if (attributes["mtime"] is not { } text || !decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
            seconds = header.ModifiedSeconds;
        return EntryTime.FromUnixSeconds(seconds);
    }

    private static long Padding(long size) => (TarHeader.BlockSize - (size % TarHeader.BlockSize)) % TarHeader.BlockSize;
}

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>The map of a GNU sparse file: four regions in the header, 21 more in each extension block.</summary>
/// <param name="Numbers">Offsets and lengths in turn.</param>
/// <param name="RealSize">Size of the file with its holes.</param>
internal sealed record GnuSparseHeader(IReadOnlyList<long> Numbers, long RealSize)
{
    private const int FieldLength = 12;

    /// <summary>Reads the map from a header and the extension blocks that follow it; null when it is malformed.</summary>
    public static GnuSparseHeader? Read(ReadOnlySpan<byte> header, TarInput input)
    {
        var numbers = new List<long>();
        if (!TarHeader.TryNumber(header.Slice(483, FieldLength), out var realSize) || !TryAdd(numbers, header.Slice(386, 4 * 2 * FieldLength)))
            return null;
        var extended = header[482] != 0;
        Span<byte> block = stackalloc byte[TarHeader.BlockSize];
        while (extended)
        {
            input.Fill(block, "the map of a sparse file");
            if (numbers.Count > 2 * SparseMap.MaxRegions || !TryAdd(numbers, block[..(21 * 2 * FieldLength)]))
                return null;
            extended = block[504] != 0;
        }

        return new GnuSparseHeader(numbers, realSize);
    }

    private static bool TryAdd(List<long> numbers, ReadOnlySpan<byte> fields)
    {
        for (; !fields.IsEmpty && fields[0] != 0; fields = fields[(2 * FieldLength)..])
        {
            if (!TarHeader.TryNumber(fields[..FieldLength], out var offset) || !TarHeader.TryNumber(fields.Slice(FieldLength, FieldLength), out var length))
                return false;
            numbers.Add(offset);
            numbers.Add(length);
        }

        return true;
    }
}

using System.Globalization;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>
/// Where the data of a sparse file goes: regions in ascending order and the size of the whole file. The forms GNU tar and
/// libarchive write: GNU headers (type <c>S</c>) and pax 0.0, 0.1 and 1.0 (GNU tar's manual, "Storing Sparse Files").
/// </summary>
/// <param name="Regions">Offset and length of each stretch of data.</param>
/// <param name="RealSize">Size of the file with its holes.</param>
internal sealed record SparseMap(IReadOnlyList<(long Offset, long Length)> Regions, long RealSize)
{
    /// <summary>Most regions of one file: a file of 4 GiB with data in every other block.</summary>
    public const int MaxRegions = 1 << 20;

    /// <summary>Bytes of data the archive holds for it.</summary>
    public long DataLength => Regions.Sum(region => region.Length);

    /// <summary>Checks that regions ascend within the file; null when they do not.</summary>
    public static SparseMap? Create(IReadOnlyList<long> numbers, long realSize)
    {
        if (numbers.Count % 2 != 0 || realSize < 0)
            return null;
        var regions = new List<(long Offset, long Length)>(numbers.Count / 2);
        var end = 0L;
        for (var i = 0; i < numbers.Count; i += 2)
        {
            var (offset, length) = (numbers[i], numbers[i + 1]);
            if (offset < end || length < 0 || offset > realSize || length > realSize - offset)
                return null;
            end = offset + length;
            regions.Add((offset, length));
        }

        return new SparseMap(regions, realSize);
    }

    /// <summary>The numbers of a 0.1 map (<c>offset,length,offset,length…</c>); null when one is none.</summary>
    public static IReadOnlyList<long>? ParseList(string map)
    {
        var numbers = new List<long>();
        foreach (var part in map.AsSpan().Split(','))
        {
            if (!long.TryParse(map.AsSpan()[part], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || numbers.Count >= 2 * MaxRegions)
                return null;
            numbers.Add(number);
        }

        return numbers;
    }
}

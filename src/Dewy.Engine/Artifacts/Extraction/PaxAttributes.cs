using System.Globalization;
using System.Text;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>
/// What pax extended headers say of an entry: records <c>LENGTH KEY=VALUE\n</c>, the length counting the whole record
/// (POSIX.1-2024, pax, "pax Extended Header"). Records Dewy has no use for are passed over.
/// </summary>
internal sealed class PaxAttributes
{
    private readonly List<long> _sparseNumbers = [];
    private string? _path;
    private string? _sparseName;

    /// <summary>The entry's name; of a sparse file the one behind the made-up one that old tars see.</summary>
    public string? Path => _sparseName ?? _path;

    public string? LinkPath { get; private set; }

    public long? Size { get; private set; }

    /// <summary>Seconds since 1970.</summary>
    public decimal? Modified { get; private set; }

    /// <summary>True for GNU sparse format 1.0, whose map is at the head of the content.</summary>
    public bool HasMapInContent { get; private set; }

    /// <summary>The map of GNU sparse format 0.1: offsets and lengths in turn, joined by commas.</summary>
    public string? SparseMap { get; private set; }

    /// <summary>The map of GNU sparse format 0.0: offsets and lengths in turn, from repeated records.</summary>
    public IReadOnlyList<long> SparseNumbers => _sparseNumbers;

    /// <summary>Size of a sparse file with its holes.</summary>
    public long? SparseSize { get; private set; }

    /// <summary>Begins an entry: what global headers say holds until its own overrule it.</summary>
    public void CopyFrom(PaxAttributes global)
    {
        (_path, _sparseName, LinkPath, Size, Modified) = (global._path, global._sparseName, global.LinkPath, global.Size, global.Modified);
        (HasMapInContent, SparseMap, SparseSize) = (global.HasMapInContent, global.SparseMap, global.SparseSize);
        _sparseNumbers.Clear();
    }

    /// <summary>Adds the records of one header; an empty value takes an earlier one back. False when they are malformed.</summary>
    public bool TryAdd(ReadOnlySpan<byte> records)
    {
        while (!records.IsEmpty && records[0] != 0)
        {
            var space = records.IndexOf((byte)' ');
            if (space is < 1 or > 9 || !int.TryParse(records[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length <= space + 1 || length > records.Length)
                return false;
            var record = records[(space + 1)..length];
            var equals = record.IndexOf((byte)'=');
            if (equals < 1 || record[^1] != '\n')
                return false;
            if (!TrySet(record[..equals], record[(equals + 1)..^1]))
                return false;
            records = records[length..];
        }

        return true;
    }

    private bool TrySet(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.SequenceEqual("path"u8))
            _path = Text(value);
        else if (key.SequenceEqual("linkpath"u8))
            LinkPath = Text(value);
        else if (key.SequenceEqual("mtime"u8))
            Modified = decimal.TryParse(value, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
        else if (key.SequenceEqual("size"u8))
            return TryNumber(value, size => Size = size);
        else if (key.StartsWith("GNU.sparse."u8))
            return TrySetSparse(key["GNU.sparse."u8.Length..], value);
        return true;
    }

    private bool TrySetSparse(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.SequenceEqual("major"u8))
            HasMapInContent = value.SequenceEqual("1"u8);
        else if (key.SequenceEqual("name"u8))
            _sparseName = Text(value);
        else if (key.SequenceEqual("map"u8))
            SparseMap = Text(value);
        else if (key.SequenceEqual("realsize"u8) || key.SequenceEqual("size"u8))
            return TryNumber(value, size => SparseSize = size);
        else if (key.SequenceEqual("offset"u8) || key.SequenceEqual("numbytes"u8))
            return TryNumber(value, number => _sparseNumbers.Add(number ?? -1));
        return true;
    }

    // Sets null for an empty value; false for what is no number.
    private static bool TryNumber(ReadOnlySpan<byte> value, Action<long?> set)
    {
        long? number = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
        set(number);
        return number is not null || value.IsEmpty;
    }

    // A NUL within stays: names with one are refused later.
    private static string? Text(ReadOnlySpan<byte> value) =>
        value.IsEmpty ? null : value.Contains((byte)0) ? Encoding.UTF8.GetString(value) : TarHeader.Text(value);
}

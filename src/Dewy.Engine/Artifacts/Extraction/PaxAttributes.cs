using System.Globalization;
using System.Text;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>
/// Records of pax extended headers: <c>LENGTH KEY=VALUE\n</c>, the length counting the whole record. Of one entry, laid
/// over those of global headers (POSIX.1-2024, pax, "pax Extended Header").
/// </summary>
internal sealed class PaxAttributes
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<long> _sparse = [];

    /// <summary>A value, null where there is none.</summary>
    public string? this[string key] => _values.GetValueOrDefault(key);

    /// <summary>Offsets and lengths in turn from repeated <c>GNU.sparse.offset</c> and <c>GNU.sparse.numbytes</c> (GNU sparse format 0.0).</summary>
    public IReadOnlyList<long> SparseNumbers => _sparse;

    /// <summary>A value as a number; null where there is none or it is no number.</summary>
    public long? Number(string key) =>
        long.TryParse(this[key], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A copy, to lay an entry's own records over global ones.</summary>
    public PaxAttributes Clone()
    {
        var clone = new PaxAttributes();
        foreach (var (key, value) in _values)
            clone._values[key] = value;
        return clone;
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
            Set(Encoding.UTF8.GetString(record[..equals]), record[(equals + 1)..^1]);
            records = records[length..];
        }

        return true;
    }

    private void Set(string key, ReadOnlySpan<byte> value)
    {
        // Binary values (extended attributes) are of no use here, and names must be UTF-8: TarHeader.Text says so where they are not.
        if (key.StartsWith("SCHILY.", StringComparison.Ordinal) || key.StartsWith("LIBARCHIVE.", StringComparison.Ordinal))
            return;
        if (value.IsEmpty)
        {
            _values.Remove(key);
            return;
        }

        // A NUL within stays: names with one are refused later.
        var text = value.Contains((byte)0) ? Encoding.UTF8.GetString(value) : TarHeader.Text(value);
        if (key is "GNU.sparse.offset" or "GNU.sparse.numbytes" && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            _sparse.Add(number);
        _values[key] = text;
    }
}

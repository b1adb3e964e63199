using System.Globalization;

namespace Dewy.Engine.Composition;

/// <summary>Sizes as people write them: plain bytes, <c>500MB</c> (powers of 1000), <c>4GiB</c> (powers of 1024).</summary>
public static class SizeText
{
    private static readonly (string Unit, long Bytes)[] Units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40),
        ("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
        ("B", 1),
    ];

    /// <summary>Reads a size in bytes that is not negative. Units may be in any case; a bare <c>G</c> is refused, it does not say which.</summary>
    public static bool TryParse(string? text, out long bytes)
    {
        bytes = 0;
        var rest = text.AsSpan().Trim();
        var factor = 1L;
        foreach (var (unit, unitBytes) in Units)
        {
            if (!rest.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
                continue;

            factor = unitBytes;
            rest = rest[..^unit.Length].TrimEnd();
            break;
        }

        if (!decimal.TryParse(rest, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) || amount > long.MaxValue / factor)
            return false;

        bytes = (long)(amount * factor);
        return true;
    }
}

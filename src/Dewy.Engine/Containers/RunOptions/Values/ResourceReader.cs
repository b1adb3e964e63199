using System.Globalization;
using System.Text.RegularExpressions;

namespace Dewy.Engine.Containers.RunOptions.Values;

/// <summary>Reads amounts as the Docker CLI does: sizes in powers of 1024 (<c>512m</c>, <c>1.5g</c>), parts of processors, process limits.</summary>
internal static partial class ResourceReader
{
    /// <summary>What engines demand at least; less does not even start a container.</summary>
    private const long LeastMemory = 6L << 20;

    private const string Units = "kmgtp";

    private static readonly string[] Limits =
    [
        "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime", "sigpending", "stack",
    ];

    /// <summary>Bytes.</summary>
    public static long Size(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var match = SizeShape().Match(text.Trim());
        if (!match.Success || !decimal.TryParse(match.Groups["number"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            throw new FormatException($"'{text}' is no size such as 512m or 2g");
        var power = match.Groups["unit"].Value is { Length: 1 } unit ? Units.IndexOf(unit, StringComparison.OrdinalIgnoreCase) + 1 : 0;
        var factor = 1L << (10 * power);
        return number <= long.MaxValue / factor ? (long)(number * factor) : throw new FormatException($"'{text}' is too large");
    }

    public static long Memory(string text)
    {
        var bytes = Size(text);
        return bytes == 0 || bytes >= LeastMemory ? bytes : throw new FormatException($"'{text}' is too little: a container needs at least 6m");
    }

    /// <summary>Billionths of a processor.</summary>
    public static long NanoCpus(string text)
    {
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > 100_000)
            throw new FormatException($"'{text}' is no number of processors such as 1.5");
        var nano = number * 1_000_000_000;
        return nano == decimal.Truncate(nano) ? (long)nano : throw new FormatException($"'{text}' is finer than a billionth of a processor");
    }

    public static UlimitEntry Ulimit(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('=', 2);
        if (parts.Length != 2)
            throw new FormatException($"'{text}' is no limit such as nofile=1024:2048");
        if (!Limits.Contains(parts[0], StringComparer.Ordinal))
            throw new FormatException($"'{parts[0]}' is none of {string.Join(", ", Limits)}");
        var values = parts[1].Split(':');
        if (values.Length > 2)
            throw new FormatException($"'{text}' has more than a soft and a hard limit");
        var (soft, hard) = (Limit(values[0]), Limit(values[^1]));
        return hard != -1 && (soft == -1 || soft > hard) ? throw new FormatException($"'{text}': the soft limit is above the hard one") : new UlimitEntry(parts[0], soft, hard);
    }

    private static long Limit(string text) =>
        text is "-1" or "unlimited" ? -1
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
        : throw new FormatException($"'{text}' is no limit; write a number, or -1 for none");

    [GeneratedRegex(@"\A(?<number>[0-9]+(\.[0-9]+)?) ?(?<unit>[kKmMgGtTpP])?i?[bB]?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex SizeShape();
}

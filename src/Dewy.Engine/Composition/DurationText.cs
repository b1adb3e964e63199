using System.Buffers;
using System.Globalization;
using System.Text;

namespace Dewy.Engine.Composition;

/// <summary>Time spans as people write them: <c>30</c> (seconds), <c>500ms</c>, <c>5m</c>, <c>1h30m</c>, <c>2d</c>.</summary>
public static class DurationText
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly (string Unit, decimal Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay),
        ("h", TimeSpan.TicksPerHour),
        ("ms", TimeSpan.TicksPerMillisecond),
        ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond),
    ];

    /// <summary>Reads a duration that is not negative; larger units come first and none twice.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        var rest = text.AsSpan().Trim();
        if (rest.IsEmpty)
            return false;

        var ticks = 0m;
        var smallestSoFar = decimal.MaxValue;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            var number = digits < 0 ? rest : rest[..digits];
            if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
                return false;

            rest = rest[number.Length..];
            var unitTicks = (decimal)TimeSpan.TicksPerSecond;
            if (!rest.IsEmpty)
            {
                if (!TryTakeUnit(ref rest, out unitTicks) || unitTicks >= smallestSoFar)
                    return false;
            }
            else if (smallestSoFar != decimal.MaxValue)
            {
                return false; // 1h30 could mean minutes or seconds
            }

            smallestSoFar = unitTicks;
            if (amount > TimeSpan.MaxValue.Ticks / unitTicks)
                return false;

            ticks += amount * unitTicks;
        }

        if (ticks > TimeSpan.MaxValue.Ticks)
            return false;

        duration = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    /// <summary>The form shared with the Go program's logs: <c>30m0s</c>, <c>45.2s</c>, <c>50ms</c>; never finer than a millisecond, save below one.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
            return "0s";

        var text = new StringBuilder(duration < TimeSpan.Zero ? "-" : "");
        var span = duration.Duration();
        if (span < TimeSpan.FromSeconds(1))
        {
            var decimals = span < TimeSpan.FromMilliseconds(1) ? 3 : 0;
            return text.Append(decimal.Round((decimal)span.Ticks / TimeSpan.TicksPerMillisecond, decimals).ToString("0.###", CultureInfo.InvariantCulture)).Append("ms").ToString();
        }

        var hours = (long)span.TotalHours;
        if (hours > 0)
            text.Append(hours).Append('h');
        if (span >= TimeSpan.FromMinutes(1))
            text.Append(span.Minutes).Append('m');
        var seconds = decimal.Truncate((decimal)(span.Ticks % TimeSpan.TicksPerMinute) / TimeSpan.TicksPerMillisecond) / 1000;
        return text.Append(seconds.ToString("0.###", CultureInfo.InvariantCulture)).Append('s').ToString();
    }

    private static bool TryTakeUnit(ref ReadOnlySpan<char> rest, out decimal ticks)
    {
        foreach (var (unit, unitTicks) in Units)
        {
            if (!rest.StartsWith(unit, StringComparison.Ordinal))
                continue;

            rest = rest[unit.Length..];
            ticks = unitTicks;
            return true;
        }

        ticks = 0;
        return false;
    }
}

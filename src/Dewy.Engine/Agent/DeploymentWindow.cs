using System.Globalization;

namespace Dewy.Engine.Agent;

/// <summary>Days of the week and a span of the day in which deploying is allowed, in local time, such as <c>Mon-Fri 09:00-17:00</c>.</summary>
public sealed record DeploymentWindow
{
    private static readonly string[] DayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    private DeploymentWindow(string text, IReadOnlySet<DayOfWeek> days, TimeOnly from, TimeOnly to)
    {
        Text = text;
        Days = days;
        From = from;
        To = to;
    }

    public string Text { get; }

    public IReadOnlySet<DayOfWeek> Days { get; }

    public TimeOnly From { get; }

    /// <summary>End, exclusive. Earlier than <see cref="From"/> means the next day; 24:00 is written 00:00.</summary>
    public TimeOnly To { get; }

    /// <summary>Reads <c>[days] HH:MM-HH:MM</c>, days being names, ranges (<c>Fri-Mon</c> goes over the week's end) or lists of both.</summary>
    /// <exception cref="FormatException">The text is not of that form.</exception>
    public static DeploymentWindow Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length is 0 or > 2)
            throw Invalid(text);
        var days = parts.Length == 2 ? ParseDays(parts[0], text) : Enum.GetValues<DayOfWeek>().ToHashSet();
        var times = parts[^1].Split('-');
        if (times.Length != 2 || !TryParseTime(times[0], out var from) || !TryParseTime(times[1], out var to))
            throw Invalid(text);
        return new DeploymentWindow(text, days, from, to);
    }

    /// <summary>Whether a local time lies inside. A window over midnight belongs to the day it begins on.</summary>
    public bool Contains(DateTime local)
    {
        var time = TimeOnly.FromDateTime(local);
        if (From < To)
            return Days.Contains(local.DayOfWeek) && time >= From && time < To;
        return (Days.Contains(local.DayOfWeek) && time >= From)
            || (Days.Contains(local.AddDays(-1).DayOfWeek) && time < To);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static HashSet<DayOfWeek> ParseDays(string list, string text)
    {
        var days = new HashSet<DayOfWeek>();
        foreach (var item in list.Split(','))
        {
            var ends = item.Split('-');
            if (ends.Length > 2)
                throw Invalid(text);
            var first = ParseDay(ends[0], text);
            var last = ParseDay(ends[^1], text);
            for (var day = first; ; day = (day + 1) % 7)
            {
                days.Add((DayOfWeek)day);
                if (day == last)
                    break;
            }
        }

        return days;
    }

    private static int ParseDay(string name, string text)
    {
        var index = Array.FindIndex(DayNames, day => day.Equals(name, StringComparison.OrdinalIgnoreCase));
        return index >= 0 ? index : throw Invalid(text);
    }

    private static bool TryParseTime(string text, out TimeOnly time) =>
        TimeOnly.TryParseExact(text is "24:00" ? "00:00" : text, ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out time);

    private static FormatException Invalid(string text) =>
        new($"'{text}' is not a window such as \"Mon-Fri 09:00-17:00\", \"Sat,Sun 22:00-04:00\" or \"02:00-05:00\".");
}

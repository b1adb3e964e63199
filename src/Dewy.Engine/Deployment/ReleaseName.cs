using System.Globalization;
using System.Text.RegularExpressions;

namespace Dewy.Engine.Deployment;

/// <summary>
/// Name of a release directory: UTC <c>yyyyMMdd'T'HHmmss'Z'</c>, the Go program's form, and from the second one in the
/// same second on <c>-2</c>, <c>-3</c> … Orders as the names were given out.
/// </summary>
internal sealed partial record ReleaseName
{
    private ReleaseName(string stamp, int number)
    {
        Stamp = stamp;
        Number = number;
    }

    /// <summary>The time in it, without the suffix.</summary>
    public string Stamp { get; }

    /// <summary>1 for the first of its second.</summary>
    public int Number { get; }

    /// <summary>Name of the directory it is extracted in before it is complete.</summary>
    public string Partial => $".{this}.partial";

    /// <summary>Oldest first.</summary>
    public static IComparer<ReleaseName> ByAge { get; } = Comparer<ReleaseName>.Create(static (one, other) =>
        string.CompareOrdinal(one.Stamp, other.Stamp) is not 0 and var order ? order : one.Number.CompareTo(other.Number));

    /// <summary>The name for a release made at <paramref name="time"/>.</summary>
    public static ReleaseName At(DateTimeOffset time, int number = 1) =>
        new(time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture), number);

    /// <summary>Reads a directory's name; null where Dewy would not have chosen it.</summary>
    public static ReleaseName? Parse(string name)
    {
        var match = Pattern().Match(name);
        return match.Success
            ? new ReleaseName(
                match.Groups["stamp"].Value,
                match.Groups["number"] is { Success: true } number ? int.Parse(number.ValueSpan, CultureInfo.InvariantCulture) : 1)
            : null;
    }

    /// <summary>Reads the name of an incomplete directory; null where it is none of Dewy's.</summary>
    public static ReleaseName? ParsePartial(string name) =>
        name.StartsWith('.') && name.EndsWith(".partial", StringComparison.Ordinal) ? Parse(name[1..^".partial".Length]) : null;

    /// <summary>The next name in the same second.</summary>
    public ReleaseName Next() => new(Stamp, Number + 1);

    /// <inheritdoc/>
    public override string ToString() => Number == 1 ? Stamp : $"{Stamp}-{Number}";

    [GeneratedRegex(@"\A(?<stamp>[0-9]{8}T[0-9]{6}Z)(-(?<number>[2-9]|[1-9][0-9]{1,5}))?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}

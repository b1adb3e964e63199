using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Semver;

namespace Dewy.Engine.Releases;

/// <summary>
/// Calendar versions of a given format (calver.org; the same specifiers as the Go program has). After the version a
/// SemVer pre-release (<c>-rc.1</c>) and build metadata (<c>+blue</c>) may follow.
/// </summary>
internal sealed class CalVerScheme : VersionScheme
{
    /// <summary>What each specifier matches; longer ones first, so that <c>YYYY</c> is not read as two <c>YY</c>. Years of two digits count from 2000 and may grow to three.</summary>
    private static readonly (string Name, string Pattern)[] Specifiers =
    [
        ("MICRO", "[0-9]+"),
        ("YYYY", "[0-9]{4}"),
        ("YY", "0|[1-9][0-9]{0,2}?"),
        ("0Y", "[0-9]{2}|[1-9][0-9]{2}"),
        ("MM", "1[0-2]|[1-9]"),
        ("0M", "1[0-2]|0[1-9]"),
        ("WW", "5[0-3]|[1-4][0-9]|[1-9]"),
        ("0W", "5[0-3]|[1-4][0-9]|0[1-9]"),
        ("DD", "3[01]|[12][0-9]|[1-9]"),
        ("0D", "3[01]|[12][0-9]|0[1-9]"),
    ];

    private readonly string _format;
    private readonly Regex _pattern;
    private readonly int _numbers;

    private CalVerScheme(string format, Regex pattern, int numbers)
    {
        _format = format;
        _pattern = pattern;
        _numbers = numbers;
    }

    public override string Description => $"a calendar version of the format {_format}";

    /// <summary>Reads a format such as <c>YYYY.0M.MICRO</c>.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: it has no specifier, or a word that is none.</exception>
    public static CalVerScheme Parse(string format)
    {
        ArgumentNullException.ThrowIfNull(format);
        var pattern = new StringBuilder(@"\A[vV]?");
        var numbers = 0;
        for (var i = 0; i < format.Length;)
        {
            var specifier = Array.Find(Specifiers, known => string.CompareOrdinal(format, i, known.Name, 0, known.Name.Length) == 0);
            if (specifier.Name is not null)
            {
                pattern.Append(CultureInfo.InvariantCulture, $"(?<n{numbers++}>{specifier.Pattern})");
                i += specifier.Name.Length;
                continue;
            }

            // An upper-case letter that is no specifier is a slip of the pen (YYYY.M.D), not a literal.
            if (format[i] is '+' or (>= 'A' and <= 'Z') || char.IsWhiteSpace(format[i]) || char.IsControl(format[i]))
                throw Invalid(format, $"'{format[i]}' at position {i + 1} belongs to no specifier");
            pattern.Append(Regex.Escape(format[i].ToString()));
            i++;
        }

        if (numbers == 0)
            throw Invalid(format, "it has no specifier");
        pattern.Append(@"(?<suffix>[-+].*)?\z");
        return new CalVerScheme(format, new Regex(pattern.ToString(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture), numbers);
    }

    public override ReleaseVersion? TryParse(string tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        if (tag.Length > LongestTag || _pattern.Match(tag) is not { Success: true } match)
            return null;

        // Pre-release precedence is SemVer's own, so SemVer does the comparing.
        if (!SemVersion.TryParse("0.0.0" + match.Groups["suffix"].Value, SemVersionStyles.Strict, out var suffix, LongestTag + 5))
            return null;
        var numbers = Enumerable.Range(0, _numbers).Select(i => BigInteger.Parse(match.Groups[$"n{i}"].ValueSpan, CultureInfo.InvariantCulture));
        return new ReleaseVersion(Bare(tag), suffix, [.. numbers]);
    }

    private static DewyException Invalid(string format, string why) =>
        new(ErrorCode.InvalidOption, $"'{format}' is not a calendar version format: {why}.")
        {
            Target = "calver",
            NextStep = $"Build the format from {string.Join(' ', Specifiers.Select(specifier => specifier.Name))} and punctuation, such as YYYY.0M.MICRO.",
        };
}

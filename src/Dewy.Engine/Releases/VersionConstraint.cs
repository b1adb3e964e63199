using Semver;

namespace Dewy.Engine.Releases;

/// <summary>
/// A range of SemVer versions in npm's notation: <c>~1.4</c>, <c>^2</c>, <c>&gt;=1.2 &lt;2</c>, <c>1.x</c>,
/// <c>1.2 - 1.8</c>, alternatives joined by <c>||</c>.
/// </summary>
internal sealed class VersionConstraint
{
    private const int LongestRange = 1024;

    private readonly SemVersionRange _range;

    private VersionConstraint(SemVersionRange range) => _range = range;

    /// <summary>The range that criteria ask for; null where they ask for none.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: it is no range, or stands beside a calendar format.</exception>
    public static VersionConstraint? For(ReleaseCriteria criteria)
    {
        if (string.IsNullOrWhiteSpace(criteria.Constraint))
            return null;
        if (!string.IsNullOrEmpty(criteria.CalVer))
        {
            throw new DewyException(ErrorCode.InvalidOption, $"A constraint ('{criteria.Constraint}') and a calendar format ('{criteria.CalVer}') exclude each other: ranges are about SemVer numbers.")
            {
                Target = "constraint",
                NextStep = "Leave out one of the two.",
            };
        }

        // Pre-releases inside the range count only where they are allowed at all, which is asked elsewhere.
        if (SemVersionRange.TryParseNpm(criteria.Constraint.Trim(), includeAllPrerelease: true, out var range, LongestRange))
            return new VersionConstraint(range);
        throw new DewyException(ErrorCode.InvalidOption, $"'{criteria.Constraint}' is not a range of versions.")
        {
            Target = "constraint",
            NextStep = "Write a range such as ~1.4, ^2, 1.x or '>=1.2 <2'; alternatives are joined by ||.",
        };
    }

    public bool Allows(ReleaseVersion version) => _range.Contains(version.Semantic.WithoutMetadata());
}

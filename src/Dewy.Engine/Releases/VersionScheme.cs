namespace Dewy.Engine.Releases;

/// <summary>A way of writing versions in tags.</summary>
internal abstract class VersionScheme
{
    /// <summary>Longer tags are no versions: numbers may have any size, but nobody gets to make us parse a book.</summary>
    protected const int LongestTag = 1024;

    /// <summary>What a tag must look like, for people.</summary>
    public abstract string Description { get; }

    /// <summary>The version in a tag; null where the tag is none.</summary>
    public abstract ReleaseVersion? TryParse(string tag);

    /// <summary>The scheme that criteria ask for.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: the calendar format is not one.</exception>
    public static VersionScheme For(ReleaseCriteria criteria) =>
        string.IsNullOrEmpty(criteria.CalVer) ? SemVerScheme.Instance : CalVerScheme.Parse(criteria.CalVer);

    /// <summary>The tag without the optional <c>v</c> before and the build metadata after the version.</summary>
    protected static string Bare(string tag)
    {
        var plus = tag.IndexOf('+', StringComparison.Ordinal);
        var text = plus < 0 ? tag : tag[..plus];
        return text.Length > 1 && text[0] is 'v' or 'V' && char.IsAsciiDigit(text[1]) ? text[1..] : text;
    }
}

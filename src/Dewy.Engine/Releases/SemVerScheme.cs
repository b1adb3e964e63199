using Semver;

namespace Dewy.Engine.Releases;

/// <summary>
/// SemVer 2.0 with an optional <c>v</c> before it. All three numbers are required: a tag such as <c>1.2</c> is, in image
/// registries above all, a name that moves from release to release.
/// </summary>
internal sealed class SemVerScheme : VersionScheme
{
    public static readonly SemVerScheme Instance = new();

    private SemVerScheme()
    {
    }

    public override string Description => "a SemVer version such as v1.2.3";

    public override ReleaseVersion? TryParse(string tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return SemVersion.TryParse(tag, SemVersionStyles.AllowV, out var version, LongestTag)
            ? new ReleaseVersion(Bare(tag), version)
            : null;
    }
}

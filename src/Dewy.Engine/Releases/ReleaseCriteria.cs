namespace Dewy.Engine.Releases;

/// <summary>Which releases count, and which file of one. Filters are applied before anything is chosen.</summary>
public sealed record ReleaseCriteria
{
    /// <summary>Whether pre-releases count.</summary>
    public bool PreRelease { get; init; }

    /// <summary>A calendar version format such as <c>YYYY.0M.MICRO</c>; null for SemVer 2.0.</summary>
    public string? CalVer { get; init; }

    /// <summary>A range such as <c>~1.4</c>; null for any version.</summary>
    public string? Constraint { get; init; }

    /// <summary>The build metadata a tag must have; null for any or none.</summary>
    public string? Slot { get; init; }

    /// <summary>Exact name of the artifact or a glob; null to choose by platform.</summary>
    public string? Artifact { get; init; }
}

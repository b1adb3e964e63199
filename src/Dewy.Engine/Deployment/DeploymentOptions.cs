namespace Dewy.Engine.Deployment;

/// <summary>How releases are laid out in a root.</summary>
public sealed record DeploymentOptions
{
    /// <summary>Absolute path of the root.</summary>
    public required string Root { get; init; }

    /// <summary>Relative paths that live in <c>&lt;root&gt;/shared</c> and are linked into each release.</summary>
    public IReadOnlyList<string> Shared { get; init; } = [];

    /// <summary>How many good releases are kept, the live one included; at least 1, default 7.</summary>
    public int KeepReleases { get; init; } = 7;

    /// <summary>Whether the registry is told of what was shipped; default true.</summary>
    public bool Report { get; init; } = true;
}

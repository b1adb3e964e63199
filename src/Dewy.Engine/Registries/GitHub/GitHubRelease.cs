namespace Dewy.Engine.Registries.GitHub;

/// <summary>
/// What Dewy reads of a release (docs.github.com/rest/releases). Not Octokit's type: that one counts assets in 32 bits and
/// knows no digests. What changes without meaning anything, such as download counts, is left out, so that two of them can
/// be compared.
/// </summary>
internal sealed record GitHubRelease
{
    public required long Id { get; init; }

    public required string TagName { get; init; }

    public bool Draft { get; init; }

    public bool Prerelease { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>Where files are uploaded to, with a template of parameters at its end.</summary>
    public string? UploadUrl { get; init; }

    public IReadOnlyList<GitHubAsset>? Assets { get; init; }
}

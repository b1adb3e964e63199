namespace Dewy.Tests.GitHub;

/// <summary>A release on a <see cref="GitHubServer"/>.</summary>
internal sealed class GitHubReleaseState
{
    public required long Id { get; init; }

    public required string Tag { get; init; }

    /// <summary>When the tagged commit was made: the order of the list.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? PublishedAt { get; set; }

    public bool Draft { get; set; }

    public bool PreRelease { get; set; }

    public List<GitHubAssetState> Assets { get; } = [];
}

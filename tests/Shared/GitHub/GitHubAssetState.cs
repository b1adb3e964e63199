namespace Dewy.Tests.GitHub;

/// <summary>A file of a release on a <see cref="GitHubServer"/>.</summary>
internal sealed class GitHubAssetState
{
    public required long Id { get; init; }

    public required string Name { get; init; }

    public required byte[] Content { get; set; }

    /// <summary><c>uploaded</c>, <c>starter</c> or <c>open</c>.</summary>
    public string State { get; set; } = "uploaded";

    /// <summary>The digest the API states; null for assets older than GitHub's digests.</summary>
    public string? Digest { get; set; }

    public required DateTimeOffset UpdatedAt { get; set; }

    public int DownloadCount { get; set; }
}

namespace Dewy.Engine.Registries.GitHub;

/// <summary>One page of the list of releases.</summary>
internal sealed record GitHubPage
{
    /// <summary>What GitHub calls this state of the page; null where it does not.</summary>
    public required string? EntityTag { get; init; }

    public required IReadOnlyList<GitHubRelease> Releases { get; init; }

    public required bool HasNext { get; init; }

    /// <summary>Whether two pages say the same, apart from what does not matter, such as download counts.</summary>
    public bool SaysTheSameAs(GitHubPage other) =>
        HasNext == other.HasNext
        && Releases.Count == other.Releases.Count
        && Releases.Zip(other.Releases).All(pair => IsSame(pair.First, pair.Second));

    private static bool IsSame(GitHubRelease left, GitHubRelease right) =>
        left with { Assets = null } == right with { Assets = null }
        && (left.Assets ?? []).SequenceEqual(right.Assets ?? []);
}

namespace Dewy.Engine.Registries.GitHub;

/// <summary>What Dewy reads of a release's file.</summary>
internal sealed record GitHubAsset
{
    /// <summary>The state of a file that is there; <c>starter</c> and <c>open</c> are those of one that is being uploaded, or was and failed.</summary>
    public const string Uploaded = "uploaded";

    public required long Id { get; init; }

    public required string Name { get; init; }

    public string? State { get; init; }

    public long? Size { get; init; }

    /// <summary><c>sha256:…</c>; null for files older than GitHub's digests, and on older Enterprise Servers.</summary>
    public string? Digest { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }
}

namespace Dewy.Engine.Registries.GitHub;

/// <summary>An app's token for one installation.</summary>
internal sealed record GitHubAccessToken
{
    public required string Token { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

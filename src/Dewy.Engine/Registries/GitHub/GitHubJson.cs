using System.Text.Json.Serialization;

namespace Dewy.Engine.Registries.GitHub;

/// <summary>The JSON of GitHub's REST API, as far as Dewy reads it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(GitHubRelease))]
[JsonSerializable(typeof(GitHubAsset))]
[JsonSerializable(typeof(IReadOnlyList<GitHubRelease>))]
[JsonSerializable(typeof(GitHubAccessToken))]
internal sealed partial class GitHubJson : JsonSerializerContext;

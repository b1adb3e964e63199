using System.Text.Json.Serialization;

namespace Dewy.Engine.Registries.Oci.Wire;

/// <summary>One registry's credentials in Docker's <c>config.json</c>.</summary>
internal sealed record DockerAuthDocument
{
    /// <summary>Base64 of <c>user:password</c>.</summary>
    public string? Auth { get; init; }

    public string? Username { get; init; }

    public string? Password { get; init; }

    [JsonPropertyName("identitytoken")]
    public string? IdentityToken { get; init; }
}

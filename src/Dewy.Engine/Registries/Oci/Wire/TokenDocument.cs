using System.Text.Json.Serialization;

namespace Dewy.Engine.Registries.Oci.Wire;

/// <summary>The answer of a token server. Which of the two names a token has depends on the server's age.</summary>
internal sealed record TokenDocument
{
    public string? Token { get; init; }

    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }

    /// <summary>Seconds it is good for.</summary>
    [JsonPropertyName("expires_in")]
    public double? ExpiresIn { get; init; }
}

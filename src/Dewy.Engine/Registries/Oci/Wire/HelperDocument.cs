using System.Text.Json.Serialization;

namespace Dewy.Engine.Registries.Oci.Wire;

/// <summary>The answer of a credential helper's <c>get</c>.</summary>
internal sealed record HelperDocument
{
    [JsonPropertyName("Username")]
    public string? Username { get; init; }

    [JsonPropertyName("Secret")]
    public string? Secret { get; init; }
}

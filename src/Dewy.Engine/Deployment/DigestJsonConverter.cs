using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dewy.Engine.Deployment;

/// <summary>A digest as <c>"algorithm:hex"</c>.</summary>
internal sealed class DigestJsonConverter : JsonConverter<Digest>
{
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Digest.TryParse(reader.GetString(), out var digest)
            ? digest
            : throw new JsonException("Not a digest such as \"sha256:<64 hexadecimal digits>\".");

    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dewy.Cli.Output;

/// <summary>Shows a value as its text.</summary>
internal sealed class TextConverter<T>(Func<T, string> textOf) : JsonConverter<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Answers are only written.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(textOf(value));
}

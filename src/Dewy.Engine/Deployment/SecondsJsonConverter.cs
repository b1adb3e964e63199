using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dewy.Engine.Deployment;

/// <summary>A duration as a number of seconds, exact to the 100 ns a <see cref="TimeSpan"/> counts.</summary>
internal sealed class SecondsJsonConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDecimal(out var seconds))
            throw new JsonException("Not a number of seconds.");
        try
        {
            return TimeSpan.FromTicks(decimal.ToInt64(seconds * TimeSpan.TicksPerSecond));
        }
        catch (OverflowException exception)
        {
            throw new JsonException("Too many seconds.", exception);
        }
    }

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteNumberValue((decimal)value.Ticks / TimeSpan.TicksPerSecond);
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Dewy.Engine.Deployment;
using Dewy.Engine.Diagnostics;

namespace Dewy.Engine.Admin;

/// <summary>
/// How the admin API writes and reads: snake case, the same keys always, null where there is nothing, enum members in
/// snake case, durations in seconds, times as ISO 8601.
/// </summary>
internal static class AdminJson
{
    /// <summary>Without redaction: for what is read, and for files of our own.</summary>
    public static JsonSerializerOptions Plain { get; } = Make(redactor: null);

    /// <summary>For orders of operators: a member nobody knows is a mistake to be told, not to be passed over.</summary>
    public static JsonSerializerOptions Strict { get; } = new(Plain) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>For answers: secrets are taken out of every text.</summary>
    public static JsonSerializerOptions Redacted(SecretRedactor redactor) => Make(redactor);

    private static JsonSerializerOptions Make(SecretRedactor? redactor)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // answers are application/json with nosniff, never part of a page
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new DigestJsonConverter(), new SecondsJsonConverter() },
        };
        if (redactor is not null)
            options.Converters.Add(new RedactedTextConverter(redactor));
        options.MakeReadOnly();
        return options;
    }

    /// <summary>Redacts before escaping: a secret with a quote in it would not be recognised afterwards.</summary>
    private sealed class RedactedTextConverter(SecretRedactor redactor) : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(redactor.Redact(value));

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString() ?? "";

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(redactor.Redact(value));
    }
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dewy.Engine.Composition;

namespace Dewy.Cli.Output;

/// <summary>Answers for programs: snake case keys, the same ones always, null where there is nothing.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // for terminals and jq, not for HTML
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new TextConverter<Digest>(digest => digest.ToString()), new TextConverter<TimeSpan>(DurationText.Format) },
    };

    private static readonly JsonSerializerOptions LineOptions = new(Options) { WriteIndented = false };

    /// <summary>On one line, for a stream of answers.</summary>
    public static string LineOf<T>(T value) => JsonSerializer.Serialize(value, LineOptions) + Environment.NewLine;

    public static string Of<T>(T value) => JsonSerializer.Serialize(value, Options) + Environment.NewLine;
}

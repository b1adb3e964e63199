using System.Text.Json;

namespace Dewy.Engine.Registries.Http;

/// <summary>Finds the sentence in a server's error answer.</summary>
internal static class ErrorBody
{
    private const int LongestSentence = 200;

    /// <summary>The message of a JSON error as GitHub, Google, OCI registries and OAuth servers write it; null where there is none.</summary>
    public static string? FindMessage(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Find(document.RootElement) is { } text ? OneLine(text) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null; // a proxy's page, or nothing at all, or text that is no Unicode
        }
    }

    /// <summary>A message as long as one may be. Secrets must be out before: half of one would not be found any more.</summary>
    public static string Shorten(string message) => message.Length <= LongestSentence ? message : message[..LongestSentence] + "…";

    private static string? Find(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Array => element.GetArrayLength() > 0 ? Find(element[0]) : null,
        JsonValueKind.Object => Join(
            Property(element, "message") ?? Property(element, "error_description") ?? Property(element, "error"),
            Property(element, "errors") ?? Property(element, "code")),
        _ => null,
    };

    private static string? Join(string? message, string? detail) =>
        message is null || detail is null ? message ?? detail : $"{message}: {detail}";

    private static string? Property(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? Find(value) : null;

    /// <summary>A foreign sentence as it may stand in one of ours: one line, not too long; null where there is nothing.</summary>
    public static string? OneLine(string text)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim().TrimEnd('.');
        return line.Length == 0 ? null : line;
    }
}

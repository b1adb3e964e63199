using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Dewy.Engine.Registries.Http;

/// <summary>Reads the JSON of an answer.</summary>
internal static class JsonAnswer
{
    /// <summary>The value of a successful answer.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.RegistryMalformed"/>: it is no JSON, or not of that shape.</exception>
    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, HttpFailure failure, HttpCallText text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(response);
        return Parse(await response.Content.ReadAsStringAsync(cancellationToken), type, failure, text, response.RequestMessage?.RequestUri);
    }

    /// <inheritdoc cref="ReadAsync"/>
    public static T Parse<T>(string body, JsonTypeInfo<T> type, HttpFailure failure, HttpCallText text, Uri? url)
    {
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException exception)
        {
            var place = exception.Path is { Length: > 0 } path ? $" at {path}" : "";
            throw failure.Malformed($"{UrlText.Of(url)} did not send the JSON it should{place} (line {exception.LineNumber + 1 ?? 1}, byte {exception.BytePositionInLine ?? 0})", text, exception);
        }
    }
}

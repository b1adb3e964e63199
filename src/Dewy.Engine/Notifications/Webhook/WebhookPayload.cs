using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Dewy.Engine.Deployment;
using Dewy.Engine.Diagnostics;

namespace Dewy.Engine.Notifications.Webhook;

/// <summary>
/// The body of a webhook: what every message has, and under <c>data</c> the event itself. Names in snake case, times as ISO
/// 8601, durations as seconds, members that are null left out. Receivers must ignore what they do not know.
/// </summary>
internal static class WebhookPayload
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // the + of v1.2.3+blue; never embedded in HTML
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new DigestJsonConverter(), new SecondsJsonConverter() },
    };

    /// <summary>The event's name, such as <c>deployment_ended</c>; <c>message</c> for what a person wrote.</summary>
    public static string NameOf(NotificationMessage message) =>
        message.Event is { } told ? JsonNamingPolicy.SnakeCaseLower.ConvertName(told.GetType().Name) : "message";

    /// <param name="message">The message, without secrets.</param>
    /// <param name="id">The same for each try to deliver it.</param>
    /// <param name="redactor">Takes the secrets out of the event.</param>
    public static byte[] Of(NotificationMessage message, string id, SecretRedactor redactor)
    {
        ArgumentNullException.ThrowIfNull(redactor);
        var body = new JsonObject
        {
            ["id"] = id,
            ["event"] = NameOf(message),
            ["kind"] = JsonSerializer.SerializeToNode(message.Kind, Json),
            ["level"] = JsonSerializer.SerializeToNode(message.Level, Json),
            ["time"] = JsonSerializer.SerializeToNode(message.Time, Json),
            ["application"] = message.Application,
            ["host"] = message.Host,
            ["text"] = message.Text,
        };
        if (message.Detail is { } detail)
            body["detail"] = detail;
        if (message.DeploymentId is { } deployment)
            body["deployment_id"] = deployment;
        if (message.Facts.Count > 0)
            body["facts"] = new JsonObject(message.Facts.Select(fact => KeyValuePair.Create(JsonNamingPolicy.SnakeCaseLower.ConvertName(fact.Name), (JsonNode?)fact.Value)));
        if (message.Event is { } told && JsonSerializer.SerializeToNode(told, told.GetType(), Json) is JsonObject data)
        {
            data.Remove("time");
            data.Remove("application");
            body["data"] = Without(data, redactor);
        }

        return JsonSerializer.SerializeToUtf8Bytes(body, Json);
    }

    /// <summary>Secrets are looked for in values, not in the written text: that may have escaped them.</summary>
    private static JsonNode? Without(JsonNode? node, SecretRedactor redactor) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Without(member.Value, redactor)))),
        JsonArray items => new JsonArray([.. items.Select(item => Without(item, redactor))]),
        JsonValue value when value.TryGetValue(out string? text) => redactor.Redact(text),
        _ => node?.DeepClone(),
    };
}

using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Dewy.Tests.Notifications;

/// <summary>Discord's "execute webhook" as its documentation has it (https://discord.com/developers/docs/resources/webhook#execute-webhook), limits included.</summary>
internal sealed class DiscordServer : JsonReceiver
{
    public const string Id = "1234567890123456789";
    public const string Token = "canary-token_of-a-discord-webhook";

    /// <summary>The notifier's URL.</summary>
    public string Url => $"discord://{Address.Authority}/api/webhooks/{Id}/{Token}";

    protected override (int Status, string Answer, bool Accepts) Judge(HttpRequest request, JsonObject? json, byte[] body)
    {
        var words = request.Path.Value?.Split('/', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (request.Method != "POST" || words is not ["api", "webhooks", Id, var token])
            return (404, """{"message":"Unknown Webhook","code":10015}""", false);
        if (token != Token)
            return (401, """{"message":"Invalid Webhook Token","code":50027}""", false);
        var content = Text(json?["content"]);
        var embeds = json?["embeds"]?.AsArray() ?? [];
        if (json is null || (string.IsNullOrEmpty(content) && embeds.Count == 0))
            return (400, """{"message":"Cannot send an empty message","code":50006}""", false);
        if (content?.Length > 2000 || embeds.Count > 10 || embeds.Sum(Length) > 6000 || embeds.Any(embed => Text(embed?["description"])?.Length > 4096))
            return (400, """{"message":"Invalid Form Body","code":50035}""", false);
        return request.Query["wait"] == "true" ? (200, """{"id":"1","type":0}""", true) : (204, "", true);
    }

    private static int Length(JsonNode? embed) =>
        (Text(embed?["title"])?.Length ?? 0) + (Text(embed?["description"])?.Length ?? 0) + (Text(embed?["footer"]?["text"])?.Length ?? 0)
        + (embed?["fields"]?.AsArray().Sum(field => (Text(field?["name"])?.Length ?? 0) + (Text(field?["value"])?.Length ?? 0)) ?? 0);
}

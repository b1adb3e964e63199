using System.Text.Json.Nodes;

namespace Dewy.Engine.Notifications.Teams;

/// <summary>A message as an adaptive card (https://adaptivecards.io/explorer, version 1.4), the one form that workflows and connectors both take.</summary>
internal static class TeamsCard
{
    /// <summary>Teams takes 28 KB in all.</summary>
    private const int LongestText = 4000;

    private const int LongestOutput = 6000;

    public static JsonObject Of(NotificationMessage message, string? title) => new()
    {
        ["type"] = "message",
        ["summary"] = ShortText.Of(message.Text, 200),
        ["attachments"] = new JsonArray(new JsonObject
        {
            ["contentType"] = "application/vnd.microsoft.card.adaptive",
            ["contentUrl"] = null,
            ["content"] = new JsonObject
            {
                ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
                ["type"] = "AdaptiveCard",
                ["version"] = "1.4",
                ["msteams"] = new JsonObject { ["width"] = "Full" },
                ["body"] = new JsonArray([.. Body(message, title)]),
            },
        }),
    };

    private static IEnumerable<JsonNode> Body(NotificationMessage message, string? title)
    {
        var heading = Text(title ?? $"{message.Application} on {message.Host}");
        heading["isSubtle"] = true;
        heading["size"] = "Small";
        yield return heading;

        var line = Text(message.Text);
        line["weight"] = "Bolder";
        line["color"] = Colour(message.Level);
        yield return line;

        if (message.Detail is { } detail)
            yield return Text(detail);
        if (message.Facts.Count > 0)
        {
            yield return new JsonObject
            {
                ["type"] = "FactSet",
                ["facts"] = new JsonArray([.. message.Facts.Select(fact => (JsonNode)new JsonObject { ["title"] = fact.Name, ["value"] = ShortText.Of(fact.Value, LongestText) })]),
            };
        }

        foreach (var output in message.Outputs)
        {
            yield return Text(output.Title);
            var block = Text(output.End(LongestOutput / message.Outputs.Count));
            block["fontType"] = "Monospace";
            block["size"] = "Small";
            yield return block;
        }
    }

    private static JsonObject Text(string text) => new() { ["type"] = "TextBlock", ["text"] = ShortText.Of(text, LongestText), ["wrap"] = true };

    private static string Colour(NotificationLevel level) => level switch
    {
        NotificationLevel.Success => "Good",
        NotificationLevel.Warning => "Warning",
        NotificationLevel.Error => "Attention",
        _ => "Default",
    };
}

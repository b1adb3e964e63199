using System.Globalization;
using System.Text.Json.Nodes;

namespace Dewy.Engine.Notifications.Discord;

/// <summary>A message as a webhook of Discord takes it, within the limits of https://discord.com/developers/docs/resources/message#embed-object-embed-limits.</summary>
internal static class DiscordMessage
{
    private const int LongestContent = 2000;
    private const int LongestTitle = 256;
    private const int LongestDescription = 4000;
    private const int LongestFieldName = 256;
    private const int LongestFieldValue = 1024;
    private const int ShortFact = 40;

    /// <summary>Of all embeds of a message together.</summary>
    private const int LongestEmbeds = 6000;

    private const int MostFields = 25;
    private const int MostEmbeds = 10;

    public static JsonObject Of(NotificationMessage message, string? title, string? userName)
    {
        var left = LongestEmbeds;
        var embeds = new JsonArray { Summary(message, title, ref left) };
        foreach (var output in message.Outputs.Take(MostEmbeds - 1))
            embeds.Add((JsonNode?)Output(message, output, ref left));
        return new JsonObject
        {
            ["content"] = ShortText.Of(message.Text, LongestContent),
            ["username"] = userName ?? "Dewy",
            ["embeds"] = new JsonArray([.. embeds.Where(embed => embed is not null).Select(embed => embed?.DeepClone())]),

            // Nobody is woken by a name in an error message.
            ["allowed_mentions"] = new JsonObject { ["parse"] = new JsonArray() },
        };
    }

    private static JsonObject Summary(NotificationMessage message, string? title, ref int left)
    {
        var footer = Take(message.Host, LongestTitle, ref left);
        var embed = new JsonObject
        {
            ["title"] = Take(title ?? message.Application, LongestTitle, ref left),
            ["color"] = Colour(message.Level),
            ["timestamp"] = message.Time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            ["footer"] = new JsonObject { ["text"] = footer },
        };
        var fields = new JsonArray();
        foreach (var fact in message.Facts.Where(fact => fact.Value.Length > 0).Take(MostFields))
        {
            fields.Add((JsonNode)new JsonObject
            {
                ["name"] = Take(fact.Name, LongestFieldName, ref left),
                ["value"] = Take(fact.Value, LongestFieldValue, ref left),
                ["inline"] = fact.Value.Length <= ShortFact,
            });
        }

        embed["fields"] = fields;
        if (message.Detail is { } detail)
            embed["description"] = Take(detail, LongestDescription, ref left);
        return embed;
    }

    private static JsonObject? Output(NotificationMessage message, NotificationOutput output, ref int left)
    {
        const int fences = 10;
        const int worthShowing = 100;
        var title = Take(output.Title, LongestTitle, ref left);
        var room = Math.Min(left - fences, LongestDescription);
        if (room < worthShowing)
            return null;
        var text = output.End(room).Replace("```", "'''", StringComparison.Ordinal);
        left -= text.Length + fences;
        return new JsonObject { ["title"] = title, ["color"] = Colour(message.Level), ["description"] = $"```\n{text}\n```" };
    }

    private static string Take(string text, int longest, ref int left)
    {
        var room = Math.Min(longest, left);
        var taken = room < 2 ? "" : ShortText.Of(text, room);
        left -= taken.Length;
        return taken;
    }

    private static int Colour(NotificationLevel level) => level switch
    {
        NotificationLevel.Success => 0x2EB886,
        NotificationLevel.Warning => 0xDAA038,
        NotificationLevel.Error => 0xA30200,
        _ => 0x439FE0,
    };
}

using System.Text.Json.Nodes;

namespace Dewy.Engine.Notifications.Slack;

/// <summary>A message as <c>chat.postMessage</c> takes it: its one line as the text, everything else as attachments (https://docs.slack.dev/messaging/formatting-message-text).</summary>
internal static class SlackMessage
{
    /// <summary>Slack cuts messages at 40,000 characters and advises 4,000.</summary>
    private const int LongestText = 4000;

    /// <summary>An attachment's text is folded early and has room for a screenful.</summary>
    private const int LongestOutput = 2800;

    /// <summary>A fact this short may stand beside another.</summary>
    private const int ShortFact = 40;

    public static JsonObject Of(NotificationMessage message, SlackStyle style, SlackThread? thread)
    {
        var posted = new JsonObject
        {
            ["channel"] = style.Channel,
            ["text"] = Escape(ShortText.Of(message.Text, LongestText)),
            ["unfurl_links"] = false,
            ["attachments"] = new JsonArray([Summary(message, style), .. message.Outputs.Select(output => Output(message, output))]),
        };
        if (thread is not null)
        {
            posted["thread_ts"] = thread.Timestamp;
            posted["reply_broadcast"] = thread.IsShownInChannel;
        }

        return posted;
    }

    private static JsonObject Summary(NotificationMessage message, SlackStyle style)
    {
        var summary = new JsonObject
        {
            ["color"] = Colour(message.Level),
            ["fallback"] = ShortText.Of(message.Text, LongestText),
            ["title"] = Escape(style.Title ?? message.Application),
            ["fields"] = new JsonArray([.. message.Facts.Select(fact => (JsonNode)new JsonObject
            {
                ["title"] = fact.Name,
                ["value"] = Escape(ShortText.Of(fact.Value, LongestOutput)),
                ["short"] = fact.Value.Length <= ShortFact,
            })]),
            ["footer"] = Escape(style.Title is null ? message.Host : $"{message.Application} on {message.Host}"),
            ["ts"] = message.Time.ToUnixTimeSeconds(),
        };
        if (style.Url is { } url)
            summary["title_link"] = url;
        if (message.Detail is { } detail)
            summary["text"] = Escape(ShortText.Of(detail, LongestOutput));
        return summary;
    }

    private static JsonObject Output(NotificationMessage message, NotificationOutput output) => new()
    {
        ["color"] = Colour(message.Level),
        ["fallback"] = ShortText.Of(output.Title, LongestText),
        ["title"] = Escape(output.Title),
        ["text"] = $"```{Escape(output.End(LongestOutput)).Replace("```", "'''", StringComparison.Ordinal)}```",
        ["mrkdwn_in"] = new JsonArray("text"),
    };

    /// <summary>The three characters that Slack gives a meaning beyond formatting, such as <c>&lt;!channel&gt;</c>.</summary>
    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Colour(NotificationLevel level) => level switch
    {
        NotificationLevel.Success => "good",
        NotificationLevel.Warning => "warning",
        NotificationLevel.Error => "danger",
        _ => "#439FE0",
    };
}

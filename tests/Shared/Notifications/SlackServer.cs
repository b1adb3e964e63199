using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Dewy.Tests.Notifications;

/// <summary>Slack's <c>chat.postMessage</c> and <c>auth.test</c> as its documentation has them (https://docs.slack.dev/reference/methods): 200 for nearly everything, the truth in the body.</summary>
internal sealed class SlackServer : JsonReceiver
{
    public const string Token = "xoxb-1234-canarycanarycanary";

    private int _posted;

    /// <summary>Channels the bot may write to.</summary>
    public HashSet<string> Channels { get; } = new(StringComparer.Ordinal) { "deployments" };

    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["SLACK_TOKEN"] = Token,
        ["SLACK_API_URL"] = new Uri(Address, "api/").AbsoluteUri,
    };

    public IEnumerable<string> Texts => Messages.Select(message => Text(message["text"]) ?? "");

    protected override (int Status, string Answer, bool Accepts) Judge(HttpRequest request, JsonObject? json, byte[] body)
    {
        if (request.Method != "POST" || request.Path.Value is not ("/api/chat.postMessage" or "/api/auth.test"))
            return Error("unknown_method");
        if (request.Headers.Authorization.ToString() is not { Length: > 0 } authorization)
            return Error("not_authed");
        if (authorization != $"Bearer {Token}")
            return Error("invalid_auth");
        if (request.Path == "/api/auth.test")
            return (200, """{"ok":true,"url":"https://acme.slack.com/","team":"Acme","user":"dewy","bot_id":"B1"}""", false);
        if (request.ContentType?.StartsWith("application/json", StringComparison.Ordinal) != true)
            return Error("invalid_post_type");
        if (json is null)
            return Error("invalid_json");
        if (Text(json["channel"]) is not { } channel || !Channels.Contains(channel))
            return Error("channel_not_found");
        if (Text(json["text"]) is not { Length: > 0 } && json["attachments"] is null)
            return Error("no_text");
        if (Text(json["thread_ts"]) is { } thread && !thread.StartsWith("1700000000.", StringComparison.Ordinal))
            return Error("thread_not_found");
        return (200, $$$"""{"ok":true,"channel":"C0123456789","ts":"1700000000.{{{Interlocked.Increment(ref _posted):D6}}}","message":{"type":"message"}}""", true);
    }

    private static (int, string, bool) Error(string error) => (200, $$"""{"ok":false,"error":"{{error}}"}""", false);
}

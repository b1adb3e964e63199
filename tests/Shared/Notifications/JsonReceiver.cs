using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Dewy.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace Dewy.Tests.Notifications;

/// <summary>A service that takes JSON by POST and keeps what it accepted.</summary>
internal abstract class JsonReceiver : LoopbackServer
{
    private readonly ConcurrentQueue<(ReceivedRequest Request, byte[] Body)> _accepted = new();

    /// <summary>Accepted messages in the order they came.</summary>
    public IReadOnlyList<JsonObject> Messages => [.. _accepted.Select(accepted => Parse(accepted.Body) ?? [])];

    /// <summary>The same with request and bytes.</summary>
    public IReadOnlyCollection<(ReceivedRequest Request, byte[] Body)> Accepted => _accepted;

    public Task AcceptedAsync(int count) => Eventually.IsTrueAsync(() => _accepted.Count >= count, $"{GetType().Name} accepted {count} messages");

    protected sealed override async Task ServeAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        var body = buffer.ToArray();
        var (status, answer, accepts) = Judge(context.Request, Parse(body), body);
        if (accepts)
            _accepted.Enqueue((ReceivedRequest.Of(context.Request), body));
        await AnswerAsync(context, status, answer);
    }

    /// <summary>What the service says to a request, and whether it takes the message.</summary>
    protected abstract (int Status, string Answer, bool Accepts) Judge(HttpRequest request, JsonObject? json, byte[] body);

    protected static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static JsonObject? Parse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}

using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Dewy.Tests.Notifications;

/// <summary>A Teams workflow's webhook: signed address, 202, adaptive cards of at most 28 KB (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook).</summary>
internal sealed class TeamsServer : JsonReceiver
{
    public const string Signature = "canary-signature_of-a-workflow";

    private const string Path = "/workflows/0f3a9c1e5b7d4a2c8e6f0b1d3c5a7e90/triggers/manual/paths/invoke";
    private const int Largest = 28 << 10;

    public string Url => $"teams://{Address.Authority}{Path}?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={Signature}";

    protected override (int Status, string Answer, bool Accepts) Judge(HttpRequest request, JsonObject? json, byte[] body)
    {
        if (request.Path.Value != Path || request.Query["sig"] != Signature || request.Query["sp"] != "/triggers/manual/run" || request.Query["api-version"] != "2016-06-01")
            return (401, """{"error":{"code":"DirectApiAuthorizationRequired","message":"The request must be authenticated only by Shared Access scheme."}}""", false);
        if (body.Length > Largest)
            return (413, """{"error":{"code":"RequestEntityTooLarge","message":"The card is too large."}}""", false);
        var attachment = json?["attachments"] is JsonArray { Count: > 0 } attachments ? attachments[0] : null;
        return Text(json?["type"]) == "message"
            && Text(attachment?["contentType"]) == "application/vnd.microsoft.card.adaptive"
            && Text(attachment?["content"]?["type"]) == "AdaptiveCard"
            && attachment?["content"]?["body"] is JsonArray { Count: > 0 }
            ? (202, "", true)
            : (400, """{"error":{"code":"TriggerInputSchemaMismatch","message":"The input body is not a card."}}""", false);
    }
}

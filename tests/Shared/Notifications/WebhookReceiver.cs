using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Dewy.Tests.Notifications;

/// <summary>A receiver of Dewy's webhooks that checks signatures as the README says, and believes no other.</summary>
internal sealed class WebhookReceiver : JsonReceiver
{
    public const string Secret = "canary+secret/of=webhook";

    /// <summary>The notifier's URL, without a secret.</summary>
    public string Url => $"webhook://{Address.Authority}/hooks/dewy";

    public string SignedUrl => $"{Url}?secret={Uri.EscapeDataString(Secret)}";

    public IEnumerable<string> Events => Messages.Select(message => Text(message["event"]) ?? "");

    public IEnumerable<string> Texts => Messages.Select(message => Text(message["text"]) ?? "");

    protected override (int Status, string Answer, bool Accepts) Judge(HttpRequest request, JsonObject? json, byte[] body)
    {
        if (json is null || Text(json["event"]) != request.Headers["X-Dewy-Event"] || Text(json["id"]) != request.Headers["X-Dewy-Delivery"])
            return (400, """{"message":"headers and body differ"}""", false);
        var expected = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body));
        return request.Headers["X-Dewy-Signature-256"].ToString() is var signature && (signature.Length == 0 || signature == expected)
            ? (204, "", true)
            : (403, """{"message":"wrong signature"}""", false);
    }
}

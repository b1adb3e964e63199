using System.Text.Json;
using Dewy.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace Dewy.EndToEnd.Tests.Registries;

/// <summary>
/// Gives credentials to whoever runs on a machine of a cloud, after the public documentation: the endpoint of ECS tasks and
/// EKS pods ("container credentials"), EC2's instance metadata service version 2, and Google's metadata server. As strict as
/// those about the headers that keep others from asking.
/// </summary>
internal sealed class MetadataServer : LoopbackServer
{
    private const string Role = "role-of-tests";
    private const string Ec2 = "/latest/meta-data/iam/security-credentials";
    private const string Google = "/computeMetadata/v1/instance/service-accounts/default/";

    private readonly string _session = $"session-{Guid.NewGuid():N}";

    public string KeyId { get; } = $"ASIA{Guid.NewGuid():N}".ToUpperInvariant();

    public string SecretKey { get; } = $"key{Guid.NewGuid():N}";

    public string SessionToken { get; } = $"session{Guid.NewGuid():N}";

    /// <summary>What a container must show (<c>AWS_CONTAINER_AUTHORIZATION_TOKEN</c>).</summary>
    public string ContainerToken { get; } = $"container{Guid.NewGuid():N}";

    /// <summary>Google's access token.</summary>
    public string AccessToken { get; } = $"ya29.{Guid.NewGuid():N}";

    public IEnumerable<string> Secrets => [SecretKey, SessionToken, ContainerToken, AccessToken, _session];

    protected override Task ServeAsync(HttpContext context)
    {
        var request = context.Request;
        var path = request.Path.Value ?? "";
        if (path == "/container")
            return request.Headers.Authorization == ContainerToken ? AnswerAsync(context, 200, Credentials()) : AnswerAsync(context, 401, "{}");
        if (path == "/latest/api/token")
            return request.Method == "PUT" ? AnswerAsync(context, 200, _session, "text/plain") : AnswerAsync(context, 405, "");
        if (path.StartsWith(Ec2, StringComparison.Ordinal))
            return request.Headers["X-aws-ec2-metadata-token"] != _session ? AnswerAsync(context, 401, "")
                : path.TrimEnd('/') == Ec2 ? AnswerAsync(context, 200, Role, "text/plain")
                : path == $"{Ec2}/{Role}" ? AnswerAsync(context, 200, Credentials())
                : AnswerAsync(context, 404, "");
        context.Response.Headers["Metadata-Flavor"] = "Google";
        if (request.Headers["Metadata-Flavor"] != "Google")
            return AnswerAsync(context, 403, "");
        return path switch
        {
            "/" => AnswerAsync(context, 200, "computeMetadata/", "application/text"),
            Google + "token" => AnswerAsync(context, 200, JsonSerializer.Serialize(new { access_token = AccessToken, expires_in = 3000, token_type = "Bearer" })),
            _ => AnswerAsync(context, 404, ""),
        };
    }

    private string Credentials() => JsonSerializer.Serialize(new
    {
        Code = "Success",
        Type = "AWS-HMAC",
        AccessKeyId = KeyId,
        SecretAccessKey = SecretKey,
        Token = SessionToken,
        LastUpdated = DateTimeOffset.UtcNow.AddMinutes(-1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
        Expiration = DateTimeOffset.UtcNow.AddHours(6).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
    });
}

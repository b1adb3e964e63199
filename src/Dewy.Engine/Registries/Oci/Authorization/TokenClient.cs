using System.Net.Http.Headers;
using System.Text;
using Dewy.Engine.Registries.Http;
using Dewy.Engine.Registries.Oci.Credentials;
using Dewy.Engine.Registries.Oci.Wire;

namespace Dewy.Engine.Registries.Oci.Authorization;

/// <summary>
/// Asks token servers (distribution's token authentication specification): <c>GET realm?service=…&amp;scope=…</c> with the
/// user's password or none, <c>POST</c> with a refresh token where there is an identity token.
/// </summary>
internal sealed class TokenClient(HttpMessageInvoker client, HttpCallText text, RegistryServices services)
{
    private const string ClientId = "dewy";
    private const int LongestToken = 64 << 10;

    /// <summary>What a token is good for where its server does not say (the specification's default), and at most.</summary>
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromSeconds(60), LongestLifetime = TimeSpan.FromHours(24);

    /// <summary>A token is not sent in its last seconds: clocks differ, and requests take their time.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    private readonly HttpFailure _failure = new(services.TimeProvider, services.Redactor);

    /// <summary>A new token.</summary>
    /// <param name="realm">The server's address, checked.</param>
    /// <param name="service">What the registry calls itself.</param>
    /// <param name="scope">What the token is to be good for.</param>
    /// <param name="credential">Whose rights it has; null for anybody's.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.RegistryUnauthorized"/>: the credentials are refused; otherwise what the server failed with.</exception>
    public async Task<RegistryToken> GetAsync(Uri realm, string? service, string scope, RegistryCredential? credential, CancellationToken cancellationToken)
    {
        var askedAt = services.TimeProvider.GetUtcNow();
        using var request = credential is { IsIdentityToken: true } ? Exchange(realm, service, scope, credential) : Ask(realm, service, scope, credential);
        using var response = await client.SendAsync(request, cancellationToken);
        var about = text with
        {
            Subject = $"The token server of {text.Subject}",
            NotFoundCode = ErrorCode.RegistryMalformed,
            UnauthorizedStep = credential is null ? text.UnauthorizedStep : $"Renew the credentials in {credential.Origin}.",
        };
        if (!response.IsSuccessStatusCode)
            throw await _failure.ExplainAsync(response, about, cancellationToken);

        var answer = await JsonAnswer.ReadAsync(response, OciJson.Default.TokenDocument, _failure, about, cancellationToken);
        var token = string.IsNullOrEmpty(answer.Token) ? answer.AccessToken : answer.Token;
        if (string.IsNullOrEmpty(token) || token.Length > LongestToken || !token.All(c => c is > ' ' and < (char)0x7F))
            throw _failure.Malformed($"{UrlText.Of(realm)} sent no token", about);
        services.Redactor.Add(token);
        return new RegistryToken(token, askedAt + Lifetime(answer.ExpiresIn));
    }

    private static TimeSpan Lifetime(double? seconds)
    {
        var stated = seconds is > 0 ? TimeSpan.FromSeconds(Math.Min(seconds.Value, LongestLifetime.TotalSeconds)) : DefaultLifetime;
        return stated > 2 * Margin ? stated - Margin : stated / 2;
    }

    private HttpRequestMessage Ask(Uri realm, string? service, string scope, RegistryCredential? credential)
    {
        var query = $"scope={Uri.EscapeDataString(scope)}";
        if (!string.IsNullOrEmpty(service))
            query = $"service={Uri.EscapeDataString(service)}&{query}";
        if (realm.Query.Length > 1)
            query = $"{realm.Query[1..]}&{query}";
        var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(realm) { Query = query }.Uri);
        if (credential is not null)
        {
            request.Headers.Authorization = Basic(credential);
            services.Redactor.Add(request.Headers.Authorization.Parameter);
        }

        return request;
    }

    private static HttpRequestMessage Exchange(Uri realm, string? service, string scope, RegistryCredential credential) => new(HttpMethod.Post, realm)
    {
        Content = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "refresh_token",
            ["service"] = service ?? "",
            ["scope"] = scope,
            ["client_id"] = ClientId,
            ["refresh_token"] = credential.Secret,
        }),
    };

    /// <summary>The header of a user and his password (RFC 7617).</summary>
    public static AuthenticationHeaderValue Basic(RegistryCredential credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        return new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.User}:{credential.Secret}")));
    }
}

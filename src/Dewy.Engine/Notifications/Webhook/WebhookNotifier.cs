using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Dewy.Engine.Notifications.Http;

namespace Dewy.Engine.Notifications.Webhook;

/// <summary>
/// Posts each event as JSON: <c>webhooks://</c> by https, <c>webhook://</c> by http. With <c>secret=</c> the header
/// <c>X-Dewy-Signature-256</c> carries <c>sha256=</c> and the hexadecimal HMAC-SHA-256 of the body by that secret.
/// </summary>
internal sealed class WebhookNotifier : INotifier
{
    public const string SignatureHeader = "X-Dewy-Signature-256";
    public const string EventHeader = "X-Dewy-Event";
    public const string DeliveryHeader = "X-Dewy-Delivery";

    private const string SecretParameter = "secret";
    private const string TokenParameter = "token";
    private const string QueryParameter = "query";

    private readonly byte[]? _secret;
    private readonly string? _token;
    private readonly Uri _url;
    private readonly NotifierServices _services;
    private readonly JsonPost _post;
    private (NotificationMessage Message, string Id)? _last;

    private WebhookNotifier(NotifierAddress address, NotifierServices services)
    {
        _secret = address.Parameter(SecretParameter) is { } secret ? Encoding.UTF8.GetBytes(secret) : null;
        _token = address.Parameter(TokenParameter);
        var query = address.Parameter(QueryParameter) is { } given ? "?" + given.TrimStart('?') : "";
        _url = WebAddress.Of(address, WebScheme(address), query) ?? throw new InvalidOperationException("The address was checked before.");
        _services = services;
        _post = new JsonPost(services);
    }

    public static NotifierScheme SchemeOf(string name) => new()
    {
        Name = name,
        Form = $"{name}://<host>[:port]/<path>",
        Parameters = [SecretParameter, TokenParameter, QueryParameter],
        Display = WebAddress.Display,
        Validate = address => Validate(address, $"{name}://<host>[:port]/<path>"),
        Secrets = address => [.. WebAddress.TokensIn(address), address.Parameter(SecretParameter), address.Parameter(TokenParameter), address.Parameter(QueryParameter)],
        Create = (address, services) => new WebhookNotifier(address, services),
    };

    public async Task<NotifierFailure?> SendAsync(NotificationMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);

        // A receiver that got it and could not say so knows a second try by its id.
        var id = _last is { } last && ReferenceEquals(last.Message, message) ? last.Id : Guid.NewGuid().ToString();
        _last = (message, id);
        var body = WebhookPayload.Of(message, id, _services.Redactor);
        using var request = JsonPost.Request(_url, body);
        request.Headers.Add(EventHeader, WebhookPayload.NameOf(message));
        request.Headers.Add(DeliveryHeader, id);
        if (_secret is not null)
            request.Headers.Add(SignatureHeader, "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(_secret, body)));
        if (_token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        return await _post.SendAsync(request, _ => null, cancellationToken);
    }

    public Task<NotifierProbe> ProbeAsync(CancellationToken cancellationToken) => WebProbe.ConnectAsync(_url, "the webhook itself is not tried", cancellationToken);

    public ValueTask DisposeAsync()
    {
        _post.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string WebScheme(NotifierAddress address) => address.Scheme == "webhook" ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;

    private static void Validate(NotifierAddress address, string form)
    {
        WebAddress.Require(address, form);
        if (address.Parameter(TokenParameter) is { } token && token.Any(c => c is <= ' ' or > '~'))
            throw NotifierAddressReader.Invalid(address.DisplayName, "token= has characters that no header can carry", "Give the bearer token as the receiver shows it.");
    }
}

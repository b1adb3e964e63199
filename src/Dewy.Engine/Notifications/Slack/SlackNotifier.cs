using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dewy.Engine.Notifications.Http;

namespace Dewy.Engine.Notifications.Slack;

/// <summary>
/// Posts to a Slack channel with a bot's token (https://docs.slack.dev/reference/methods/chat.postMessage). With
/// <c>thread=true</c> what belongs to one deployment becomes one thread, its result shown in the channel as well.
/// </summary>
internal sealed class SlackNotifier : INotifier
{
    /// <summary>Another server that speaks Slack's API, such as a gateway; ends before the method's name.</summary>
    public const string ApiVariable = "SLACK_API_URL";

    private const string TokenVariable = "SLACK_TOKEN";
    private const string TitleParameter = "title";
    private const string UrlParameter = "url";
    private const string ThreadParameter = "thread";
    private const string Form = "slack://<channel>";

    /// <summary>Errors of Slack's own that pass (from the method's documentation).</summary>
    private static readonly string[] PassingErrors = ["ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"];

    private readonly NotifierAddress _address;
    private readonly string _token;
    private readonly Uri _url;
    private readonly JsonPost _post;
    private string? _threadOf;
    private string? _thread;

    private SlackNotifier(NotifierAddress address, string token, Uri url, JsonPost post)
    {
        _address = address;
        _token = token;
        _url = url;
        _post = post;
    }

    public static NotifierScheme Scheme { get; } = new()
    {
        Name = "slack",
        Form = Form,
        Parameters = [TitleParameter, UrlParameter, ThreadParameter],
        Display = address => $"slack://{address.Authority}",
        Validate = Validate,
        Create = Create,
    };

    public async Task<NotifierFailure?> SendAsync(NotificationMessage message, CancellationToken cancellationToken)
    {
        var style = new SlackStyle(_address.Authority, _address.Parameter(TitleParameter), _address.Parameter(UrlParameter));
        using var request = JsonPost.Request(_url, JsonSerializer.SerializeToUtf8Bytes(SlackMessage.Of(message, style, ThreadFor(message))));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        string? posted = null;
        var failure = await _post.SendAsync(request, body => Judge(body, out posted), cancellationToken);
        if (failure is null && posted is not null && message.DeploymentId is { } deployment && deployment != _threadOf)
            (_threadOf, _thread) = (deployment, posted);
        return failure;
    }

    /// <summary>Asks who the token is (https://docs.slack.dev/reference/methods/auth.test), which any token may.</summary>
    public async Task<NotifierProbe> ProbeAsync(CancellationToken cancellationToken)
    {
        using var request = JsonPost.Request(new Uri(_url, "auth.test"), "{}"u8.ToArray());
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        var who = "";
        var failure = await _post.SendAsync(request, body => Judge(body, out _) is { } refused ? refused : Introduce(body, out who), cancellationToken);
        return new NotifierProbe($"Slack takes the token{who}; whether it may write to {_address.Authority} is not tried.", failure);
    }

    public ValueTask DisposeAsync()
    {
        _post.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void Validate(NotifierAddress address)
    {
        if (address.Authority.Length == 0 || address.RawPath.Length > 0)
            throw NotifierAddressReader.Invalid(address.DisplayName, "it names no channel, or more than one", $"Write {Form}, such as slack://deployments.");
        if (address.Parameter(UrlParameter) is { } url && (!Uri.TryCreate(url, UriKind.Absolute, out var link) || link.Scheme is not ("http" or "https")))
            throw NotifierAddressReader.Invalid(address.DisplayName, "url= is no web address", "Give a URL such as https://example.com; write & in it as %26.");
        if (address.Parameter(ThreadParameter) is { } thread && !decimal.TryParse(thread, System.Globalization.CultureInfo.InvariantCulture, out _))
            address.Flag(ThreadParameter, otherwise: false);
    }

    private static SlackNotifier Create(NotifierAddress address, NotifierServices services)
    {
        var token = services.Variable(TokenVariable) ?? throw NotifierAddressReader.Invalid(
            address.DisplayName, $"{TokenVariable} is not set", $"Put the bot's token (xoxb-…, scope chat:write) into the environment variable {TokenVariable}.");
        if (token.Any(c => c is <= ' ' or > '~'))
            throw NotifierAddressReader.Invalid(address.DisplayName, $"{TokenVariable} is no token", "Give the bot's token as Slack shows it.");
        var api = services.Variable(ApiVariable) ?? "https://slack.com/api/";
        if (!Uri.TryCreate(api.TrimEnd('/') + "/chat.postMessage", UriKind.Absolute, out var url)
            || !(url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && WebAddress.IsLoopback(url.Authority))))
            throw NotifierAddressReader.Invalid(address.DisplayName, $"{ApiVariable} is no https:// address", "Leave it out for Slack itself.");
        return new SlackNotifier(address, token, url, new JsonPost(services));
    }

    private SlackThread? ThreadFor(NotificationMessage message)
    {
        if (_address.Parameter(ThreadParameter) is not { } given)
            return null;
        if (decimal.TryParse(given, System.Globalization.CultureInfo.InvariantCulture, out _) && given.Contains('.', StringComparison.Ordinal))
            return new SlackThread(given, IsShownInChannel: false);
        return _address.Flag(ThreadParameter, otherwise: false) && message.DeploymentId is { } deployment && deployment == _threadOf && _thread is { } thread
            ? new SlackThread(thread, message.Kind != NotificationKind.Milestone)
            : null;
    }

    /// <summary>Slack says in the body whether it took the message, whatever the status.</summary>
    private NotifierFailure? Judge(string body, out string? posted)
    {
        posted = null;
        JsonObject? answer;
        try
        {
            answer = JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            answer = null;
        }

        if (answer?["ok"] is not JsonValue ok || !ok.TryGetValue(out bool taken))
            return new NotifierFailure("the answer is not Slack's", $"Check {ApiVariable} and any proxy before Slack", IsTransient: true);
        posted = answer["ts"] is JsonValue ts && ts.TryGetValue(out string? text) ? text : null;
        if (taken)
            return null;
        var error = answer["error"] is JsonValue value && value.TryGetValue(out string? name) ? name : "unknown_error";
        return new NotifierFailure($"Slack says {_post.Clean(error)}", NextStepFor(error), PassingErrors.Contains(error, StringComparer.Ordinal));
    }

    private NotifierFailure? Introduce(string body, out string who)
    {
        var answer = JsonNode.Parse(body);
        who = answer?["user"] is JsonValue user && answer["team"] is JsonValue team ? $" of {_post.Clean($"{user}")} in {_post.Clean($"{team}")}" : "";
        return null;
    }

    private static string NextStepFor(string error) => error switch
    {
        "not_in_channel" or "channel_not_found" or "is_archived" => "Invite the bot to the channel, and check the channel's name or id in the notifier's URL",
        "invalid_auth" or "not_authed" or "token_revoked" or "token_expired" or "account_inactive" => $"Put a valid bot token into {TokenVariable}",
        "missing_scope" or "no_permission" => "Give the bot the scope chat:write, and chat:write.public for channels it is not in",
        _ => "See https://docs.slack.dev/reference/methods/chat.postMessage for what this error means",
    };
}

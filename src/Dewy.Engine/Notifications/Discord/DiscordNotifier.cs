using System.Text.Json;
using Dewy.Engine.Notifications.Http;

namespace Dewy.Engine.Notifications.Discord;

/// <summary>Posts to a Discord channel through its webhook (https://discord.com/developers/docs/resources/webhook#execute-webhook).</summary>
internal sealed class DiscordNotifier : INotifier
{
    private const string TitleParameter = "title";
    private const string UserNameParameter = "username";
    private const string ThreadParameter = "thread_id";
    private const string Form = "discord://<webhook id>/<token>";
    private const string ApiPath = "api/webhooks/";

    private readonly NotifierAddress _address;
    private readonly Uri _url;
    private readonly JsonPost _post;

    private DiscordNotifier(NotifierAddress address, NotifierServices services)
    {
        _address = address;
        _url = Url(address) ?? throw new InvalidOperationException("The address was checked before.");
        _post = new JsonPost(services);
    }

    public static NotifierScheme Scheme { get; } = new()
    {
        Name = "discord",
        Form = Form,
        Parameters = [TitleParameter, UserNameParameter, ThreadParameter],
        Display = WebAddress.Display,
        Validate = Validate,
        Secrets = address => [address.RawPath.Split('/', StringSplitOptions.RemoveEmptyEntries).LastOrDefault()],
        Create = (address, services) => new DiscordNotifier(address, services),
    };

    public async Task<NotifierFailure?> SendAsync(NotificationMessage message, CancellationToken cancellationToken)
    {
        var json = DiscordMessage.Of(message, _address.Parameter(TitleParameter), _address.Parameter(UserNameParameter));
        using var request = JsonPost.Request(_url, JsonSerializer.SerializeToUtf8Bytes(json));
        return await _post.SendAsync(request, _ => null, cancellationToken);
    }

    public Task<NotifierProbe> ProbeAsync(CancellationToken cancellationToken) => WebProbe.ConnectAsync(_url, "the webhook itself is not tried", cancellationToken);

    public ValueTask DisposeAsync()
    {
        _post.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void Validate(NotifierAddress address)
    {
        if (Url(address) is null)
            throw NotifierAddressReader.Invalid(address.DisplayName, "it is no webhook", $"Write {Form}, or the webhook's address with discord in place of https.");
        if (address.Parameter(ThreadParameter) is { } thread && !ulong.TryParse(thread, out _))
            throw NotifierAddressReader.Invalid(address.DisplayName, $"{ThreadParameter}= is no number", "Give the thread's id.");
    }

    /// <summary>Waiting for Discord to store the message is what makes a failure visible.</summary>
    private static Uri? Url(NotifierAddress address)
    {
        var words = address.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var query = "?wait=true" + (address.Parameter(ThreadParameter) is { } thread ? $"&thread_id={Uri.EscapeDataString(thread)}" : "");
        if (ulong.TryParse(address.Authority, out _))
            return words.Length == 1 ? new Uri($"https://discord.com/{ApiPath}{address.Authority}/{Uri.EscapeDataString(words[0])}{query}") : null;
        return address.Authority.Length > 0 && words is ["api", "webhooks", var id, _] && ulong.TryParse(id, out _) ? WebAddress.Of(address, query: query) : null;
    }
}

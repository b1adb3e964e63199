using System.Text.Json;
using Dewy.Engine.Notifications.Http;

namespace Dewy.Engine.Notifications.Teams;

/// <summary>
/// Posts to a Teams channel through the webhook of a workflow, whose address is given with <c>teams</c> in place of
/// <c>https</c> (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook).
/// </summary>
internal sealed class TeamsNotifier : INotifier
{
    private const string TitleParameter = "title";
    private const string Form = "teams://<host>/<path>?<query> (the webhook's https:// address)";

    /// <summary>Parameters of workflow addresses (Azure Logic Apps), which are theirs to read.</summary>
    private static readonly string[] OfTheWebhook = ["api-version", "sp", "sv", "sig"];

    private readonly NotifierAddress _address;
    private readonly Uri _url;
    private readonly JsonPost _post;

    private TeamsNotifier(NotifierAddress address, NotifierServices services)
    {
        _address = address;
        _url = WebAddress.Of(address, query: Query(address)) ?? throw new InvalidOperationException("The address was checked before.");
        _post = new JsonPost(services);
    }

    public static NotifierScheme Scheme { get; } = new()
    {
        Name = "teams",
        Form = Form,
        Parameters = [.. OfTheWebhook, TitleParameter],
        Display = WebAddress.Display,
        Validate = Validate,
        Secrets = address => WebAddress.TokensIn(address).Append(address.Parameter("sig")),
        Create = (address, services) => new TeamsNotifier(address, services),
    };

    public async Task<NotifierFailure?> SendAsync(NotificationMessage message, CancellationToken cancellationToken)
    {
        using var request = JsonPost.Request(_url, JsonSerializer.SerializeToUtf8Bytes(TeamsCard.Of(message, _address.Parameter(TitleParameter))));
        return await _post.SendAsync(request, Judge, cancellationToken);
    }

    public Task<NotifierProbe> ProbeAsync(CancellationToken cancellationToken) => WebProbe.ConnectAsync(_url, "the webhook itself is not tried", cancellationToken);

    public ValueTask DisposeAsync()
    {
        _post.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void Validate(NotifierAddress address)
    {
        WebAddress.Require(address, Form);
        if (address.RawPath.Length == 0)
            throw NotifierAddressReader.Invalid(address.DisplayName, "it has no path", $"Write {Form}.");
    }

    private static string Query(NotifierAddress address)
    {
        var given = OfTheWebhook.Where(address.Parameters.ContainsKey).Select(name => $"{name}={Uri.EscapeDataString(address.Parameters[name])}").ToList();
        return given.Count == 0 ? "" : "?" + string.Join('&', given);
    }

    /// <summary>The older connectors answer 200 and put the failure into the text.</summary>
    private NotifierFailure? Judge(string body) => body.Contains("delivery failed", StringComparison.OrdinalIgnoreCase)
        ? new NotifierFailure($"Teams says {_post.Clean(body)}", "Check the webhook in the channel's workflows", IsTransient: body.Contains("429", StringComparison.Ordinal))
        : null;
}

using Dewy.Engine.Notifications.Discord;
using Dewy.Engine.Notifications.Mail;
using Dewy.Engine.Notifications.Slack;
using Dewy.Engine.Notifications.Teams;
using Dewy.Engine.Notifications.Webhook;

namespace Dewy.Engine.Notifications;

/// <summary>The kinds of notifiers there are. Immutable.</summary>
internal sealed class NotifierCatalog
{
    private readonly IReadOnlyList<NotifierScheme> _schemes;

    public NotifierCatalog(params IReadOnlyList<NotifierScheme> schemes) => _schemes = schemes;

    /// <summary>The kinds of notifiers Dewy comes with.</summary>
    public static NotifierCatalog BuiltIn { get; } = new(
        SlackNotifier.Scheme, MailNotifier.SchemeOf("smtp"), MailNotifier.SchemeOf("mail"),
        WebhookNotifier.SchemeOf("webhooks"), WebhookNotifier.SchemeOf("webhook"), TeamsNotifier.Scheme, DiscordNotifier.Scheme);

    /// <summary>Names and forms of the schemes, for messages.</summary>
    public IReadOnlyList<NotifierScheme> Schemes => _schemes;

    /// <summary>Reads and checks a notifier's URL.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/> that lists what is valid.</exception>
    public NotifierAddress Parse(string text)
    {
        var address = NotifierAddressReader.Read(text);
        var scheme = _schemes.FirstOrDefault(scheme => scheme.Name == address.Scheme)
            ?? throw NotifierAddressReader.Invalid(
                $"{address.Scheme}://***",
                $"there is no notifier of the scheme '{address.Scheme}'; there is {string.Join(", ", _schemes.Select(scheme => scheme.Form))}",
                "Use one of these schemes.");
        address = address with { DisplayName = scheme.Display(address) };
        string[] known = [.. scheme.Parameters, NotifierScheme.Quiet];
        if (address.Parameters.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            throw NotifierAddressReader.Invalid(
                address.DisplayName,
                $"{scheme.Name}:// has no parameter '{NotifierAddressReader.Shown(unknown)}'; it has {string.Join(", ", known)}",
                "Take the parameter out or correct its name.");
        }

        scheme.Validate(address);
        return address with
        {
            IsQuiet = address.Flag(NotifierScheme.Quiet, otherwise: false),
            Secrets = [.. scheme.Secrets(address).OfType<string>().Where(secret => secret.Length > 0)],
        };
    }

    /// <summary>Makes the notifier of an address.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: the environment lacks what it needs.</exception>
    public INotifier Create(NotifierAddress address, NotifierServices services)
    {
        ArgumentNullException.ThrowIfNull(address);
        return _schemes.First(scheme => scheme.Name == address.Scheme).Create(address, services);
    }
}

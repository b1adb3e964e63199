using MimeKit;

namespace Dewy.Engine.Notifications.Mail;

/// <summary>Where mail goes, and how.</summary>
internal sealed record MailSettings
{
    /// <summary>The port of message submission (RFC 6409).</summary>
    private const int DefaultPort = 587;

    public static IReadOnlyList<string> Parameters { get; } = ["username", "password", "from", "to", "subject", "tls"];

    public required string Host { get; init; }

    public required int Port { get; init; }

    public required IReadOnlyList<MailboxAddress> To { get; init; }

    public MailboxAddress? From { get; init; }

    /// <summary>The subject of every message; null for one made of the message.</summary>
    public string? Subject { get; init; }

    /// <summary>Null for servers that ask for no credentials.</summary>
    public string? UserName { get; init; }

    public string? Password { get; init; }

    public required bool RequiresTls { get; init; }

    public static string FormOf(string scheme) => $"{scheme}://<host>[:port]/<recipient>";

    public static string Display(NotifierAddress address) => $"{address.Scheme}://{address.Authority}/{address.Path}".TrimEnd('/');

    public static IEnumerable<string?> SecretsIn(NotifierAddress address) => [address.Parameter("password")];

    /// <summary>Reads what the URL says.</summary>
    /// <exception cref="DewyException">It says something that cannot be.</exception>
    public static MailSettings Read(NotifierAddress address)
    {
        if (!Uri.TryCreate($"tcp://{address.Authority}/", UriKind.Absolute, out var place) || place.Host.Length == 0 || place.Port == 0)
            throw NotifierAddressReader.Invalid(address.DisplayName, "the part after // is not a host or a host and a port", $"Write {FormOf(address.Scheme)}.");
        var recipients = string.Join(", ", new[] { address.Path.Trim('/'), address.Parameter("to") ?? "" }.Where(text => text.Length > 0));
        return new MailSettings
        {
            Host = place.IdnHost.Trim('[', ']'),
            Port = place.Port < 0 ? DefaultPort : place.Port,
            To = recipients.Length > 0
                ? Mailboxes(recipients, address, "a recipient")
                : throw NotifierAddressReader.Invalid(address.DisplayName, "it names no recipient", $"Write {FormOf(address.Scheme)}, such as {address.Scheme}://smtp.example.com/ops@example.com."),
            From = address.Parameter("from") is { } from ? Sender(from, address, "from=") : null,
            Subject = address.Parameter("subject"),
            UserName = address.Parameter("username"),
            Password = address.Parameter("password"),
            RequiresTls = address.Flag("tls", otherwise: true),
        };
    }

    /// <summary>Completes them from the environment: a parameter wins over its variable.</summary>
    /// <exception cref="DewyException">Nobody says who the sender is, or half of the credentials is missing.</exception>
    public MailSettings With(NotifierServices services, NotifierAddress address)
    {
        // username= without a value: no credentials, whatever the environment has for other servers.
        var isAnonymous = address.Parameters.TryGetValue("username", out var given) && given.Length == 0;
        var userName = isAnonymous ? null : UserName ?? services.Variable("MAIL_USERNAME");
        var password = isAnonymous ? null : Password ?? services.Variable("MAIL_PASSWORD");
        if (userName is null != password is null)
        {
            throw NotifierAddressReader.Invalid(
                address.DisplayName,
                userName is null ? "there is a password and no user name" : "there is a user name and no password",
                "Give both, as username= and password= or MAIL_USERNAME and MAIL_PASSWORD, or neither.");
        }

        var from = From
            ?? (services.Variable("MAIL_FROM") is { } sender ? Sender(sender, address, "MAIL_FROM") : null)
            ?? (userName is not null && userName.Contains('@', StringComparison.Ordinal) ? Sender(userName, address, "the user name") : null);
        return this with
        {
            UserName = userName,
            Password = password,
            From = from ?? throw NotifierAddressReader.Invalid(address.DisplayName, "it has no sender", "Give one as from= or MAIL_FROM."),
        };
    }

    private static MailboxAddress Sender(string text, NotifierAddress address, string what) => Mailboxes(text, address, what) is [var only]
        ? only
        : throw NotifierAddressReader.Invalid(address.DisplayName, $"{what} is more than one mail address", "Give one.");

    private static List<MailboxAddress> Mailboxes(string text, NotifierAddress address, string what)
    {
        var found = InternetAddressList.TryParse(text, out var list) && list is not null ? list.OfType<MailboxAddress>().ToList() : [];
        return found.Count > 0 && found.Count == list?.Count && found.TrueForAll(mailbox => mailbox.Address.IndexOf('@', StringComparison.Ordinal) > 0)
            ? found
            : throw NotifierAddressReader.Invalid(address.DisplayName, $"{what} is no mail address", "Write addresses such as ops@example.com, joined by commas.");
    }
}

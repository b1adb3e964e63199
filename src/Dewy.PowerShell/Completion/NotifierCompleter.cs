using System.Collections;

namespace Dewy.PowerShell.Completion;

/// <summary>The schemes of notifiers.</summary>
public sealed class NotifierCompleter : WordCompleter
{
    private static readonly Suggestion[] Schemes =
    [
        new("slack://", "A Slack channel: slack://<channel>, token in SLACK_TOKEN"),
        new("smtp://", "Mail: smtp://<host>[:port]/<recipient>"),
        new("mail://", "The same as smtp://"),
        new("webhooks://", "JSON by POST over https: webhooks://<host>/<path>?secret=<secret>"),
        new("webhook://", "JSON by POST over http"),
        new("teams://", "A Teams channel: the address of its webhook with teams in place of https"),
        new("discord://", "A Discord channel: discord://<webhook id>/<token>"),
    ];

    /// <inheritdoc/>
    private protected override IEnumerable<Suggestion> Suggest(IDictionary bound) => Schemes;
}

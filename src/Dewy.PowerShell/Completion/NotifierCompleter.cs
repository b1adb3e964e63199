using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Dewy.PowerShell.Completion;

/// <summary>The schemes of notifiers.</summary>
public sealed class NotifierCompleter : IArgumentCompleter
{
    private static readonly (string Url, string ToolTip)[] Schemes =
    [
        ("slack://", "A Slack channel: slack://<channel>, token in SLACK_TOKEN"),
        ("smtp://", "Mail: smtp://<host>[:port]/<recipient>"),
        ("mail://", "The same as smtp://"),
        ("webhooks://", "JSON by POST over https: webhooks://<host>/<path>?secret=<secret>"),
        ("webhook://", "JSON by POST over http"),
        ("teams://", "A Teams channel: the address of its webhook with teams in place of https"),
        ("discord://", "A Discord channel: discord://<webhook id>/<token>"),
    ];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var typed = (wordToComplete ?? "").Trim('\'', '"');
        return Schemes
            .Where(scheme => scheme.Url.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Select(scheme => new CompletionResult(scheme.Url, scheme.Url, CompletionResultType.ParameterValue, scheme.ToolTip));
    }
}

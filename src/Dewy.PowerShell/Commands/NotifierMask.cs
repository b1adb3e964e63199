using System.Text.RegularExpressions;

namespace Dewy.PowerShell.Commands;

/// <summary>Hides the URLs of notifiers, most of which is secret, in a command line that others may read.</summary>
internal static partial class NotifierMask
{
    /// <param name="line">The command line.</param>
    /// <param name="notifiers">URLs that may stand in it; more are found by their schemes.</param>
    public static string Apply(string line, IEnumerable<string> notifiers) =>
        Notifier().Replace(notifiers.Aggregate(line, (masked, url) => masked.Replace(url, Short(url), StringComparison.Ordinal)), "${scheme}://***");

    private static string Short(string url) => url.Split("://", 2) is [var scheme, _] ? $"{scheme}://***" : "***";

    [GeneratedRegex(@"\b(?<scheme>slack|smtp|mail|webhooks?|teams|discord)://[^\s'""`,;)]*", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Notifier();
}

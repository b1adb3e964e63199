using System.Text.RegularExpressions;
using Dewy.Engine.Addresses;

namespace Dewy.Engine.Notifications;

/// <summary>Takes a notifier's URL apart. Until its scheme is known anything in it may be a secret, and no message shows it.</summary>
internal static partial class NotifierAddressReader
{
    /// <summary>Splits <c>scheme://authority/path?query</c>. What is valid for a scheme is for the <see cref="NotifierCatalog"/> to say.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: the text is no such URL.</exception>
    public static NotifierAddress Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var scheme = Scheme().Match(text);
        if (text.Length > UrlText.Longest || !scheme.Success)
            throw Invalid("***", "it is not of the form scheme://…", "Write a URL such as slack://general.");
        var name = scheme.Groups["name"].Value.ToLowerInvariant();
        var display = $"{name}://***";
        if (text.Contains('#', StringComparison.Ordinal))
            throw Invalid(display, "it has a #", name == "slack" ? "Leave the # of the channel out." : "Write # as %23 where it belongs to a name.");

        var url = new UrlText(text, scheme.Length, (why, nextStep) => Invalid(display, why, nextStep));
        if (url.Authority.Contains('@', StringComparison.Ordinal))
            throw Invalid(display, "it carries credentials before the host", "Give them as parameters or environment variables instead.");
        _ = url.Decode(url.Path);
        return new NotifierAddress
        {
            Scheme = name,
            Authority = url.Decode(url.Authority),
            RawPath = url.Path,
            Parameters = url.ReadParameters(Shown),
        };
    }

    public static DewyException Invalid(string display, string why, string nextStep) =>
        new(ErrorCode.InvalidOption, $"The notifier '{display}' is not valid: {why}.") { Target = "notifier", NextStep = nextStep };

    /// <summary>The name of a parameter nobody knows: a value whose = was forgotten must not be shown.</summary>
    public static string Shown(string name) => ParameterName().IsMatch(name) ? name : "***";

    [GeneratedRegex(@"\A(?<name>[A-Za-z][A-Za-z0-9+.-]{0,31})://", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Scheme();

    [GeneratedRegex(@"\A[a-z_-]{1,20}\z", RegexOptions.NonBacktracking)]
    private static partial Regex ParameterName();
}

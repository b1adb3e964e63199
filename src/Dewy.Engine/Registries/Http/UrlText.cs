namespace Dewy.Engine.Registries.Http;

/// <summary>URLs as people may see them.</summary>
internal static class UrlText
{
    private const int Longest = 300;

    /// <summary>Scheme, host, port and path. Credentials and the query stay out: signed download URLs carry their signature there.</summary>
    public static string Of(Uri? url)
    {
        if (url is not { IsAbsoluteUri: true })
            return "?";
        var text = url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        return text.Length <= Longest ? text : text[..Longest] + "…";
    }

    /// <summary>Whether two URLs lead to the same scheme, host and port.</summary>
    public static bool IsSameOrigin(Uri left, Uri right) =>
        Uri.Compare(left, right, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;
}

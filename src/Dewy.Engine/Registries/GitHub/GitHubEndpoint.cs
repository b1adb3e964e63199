using Dewy.Engine.Registries.Http;

namespace Dewy.Engine.Registries.GitHub;

/// <summary>Which GitHub is talked to.</summary>
internal static class GitHubEndpoint
{
    private const string Variable = "GITHUB_API_URL";
    private const string OtherVariable = "GITHUB_ENDPOINT";

    private static readonly Uri Public = new("https://api.github.com/");

    /// <summary>
    /// The root of the REST API, with a slash at its end: <c>GITHUB_API_URL</c>, else <c>GITHUB_ENDPOINT</c>, else
    /// github.com's. Enterprise Server has it at <c>https://host/api/v3</c>.
    /// </summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: the variable holds no such address.</exception>
    public static Uri Read(RegistryServices services)
    {
        var name = services.Variable(Variable) is not null ? Variable : OtherVariable;
        if (services.Variable(name) is not { } text)
            return Public;
        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url)
            || url.Scheme is not ("https" or "http")
            || url.Query.Length > 0 || url.Fragment.Length > 0 || url.UserInfo.Length > 0)
        {
            throw new DewyException(ErrorCode.InvalidOption, $"The environment variable {name} holds no address of an API.")
            {
                Target = name,
                NextStep = "Write https://<host>/api/v3 for GitHub Enterprise Server, or take the variable out for github.com.",
            };
        }

        return url.Scheme == Uri.UriSchemeHttps || url.IsLoopback
            ? url
            : throw new DewyException(ErrorCode.InvalidOption, $"The environment variable {name} holds an address without TLS: {UrlText.Of(url)}.")
            {
                Target = name,
                NextStep = "Write https://…: tokens and releases do not travel unprotected.",
            };
    }

    /// <summary>
    /// Whether the API may send uploads, and the token with them, to an address: its own host, or the host <c>uploads.…</c>
    /// beside <c>api.…</c> (github.com and its data-residency domains).
    /// </summary>
    public static bool MayUploadTo(Uri api, Uri upload)
    {
        if (api.Scheme == Uri.UriSchemeHttps && upload.Scheme != Uri.UriSchemeHttps)
            return false;
        return upload.Scheme is "https" or "http"
            && (string.Equals(upload.Host, api.Host, StringComparison.OrdinalIgnoreCase)
                || (api.Host.StartsWith("api.", StringComparison.OrdinalIgnoreCase)
                    && string.Equals(upload.Host, "uploads." + api.Host["api.".Length..], StringComparison.OrdinalIgnoreCase)));
    }
}

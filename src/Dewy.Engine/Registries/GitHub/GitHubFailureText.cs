using Dewy.Engine.Registries.Http;
using Dewy.Engine.Releases;

namespace Dewy.Engine.Registries.GitHub;

/// <summary>What GitHub's failures mean to whoever runs the agent.</summary>
internal sealed class GitHubFailureText(string registry, GitHubCredentials credentials)
{
    private const string HowToAuthorize = "GH_TOKEN, GITHUB_TOKEN or a GitHub App";

    /// <summary>For the list of releases.</summary>
    public HttpCallText Check { get; } = new()
    {
        Subject = registry,
        Target = registry,
        NotFoundStep = credentials.IsAnonymous
            ? $"Correct owner and repository; a private repository needs {HowToAuthorize}."
            : $"Correct owner and repository, and let {credentials.Name} read the repository; GitHub Enterprise Server has its API at GITHUB_API_URL=https://<host>/api/v3.",
        UnauthorizedStep = credentials.IsAnonymous
            ? $"Set {HowToAuthorize}."
            : $"Renew {credentials.Name}, and let it read the repository's contents (for an organisation, authorise it for single sign-on).",
        RateLimitedStep = credentials.IsAnonymous
            ? $"Set {HowToAuthorize}: without one GitHub allows 60 requests an hour. The agent waits as long as it was asked to."
            : "The agent waits as long as it was asked to; raise --interval, or give this host a token of its own, if this comes back.",
    };

    /// <summary>For a file.</summary>
    public HttpCallText Fetch(ReleaseAsset asset) => Check with
    {
        Subject = $"{asset.Name} from {registry}",
        Target = UrlText.Of(asset.Location),
        Phase = "fetch",
        NotFoundCode = ErrorCode.ArtifactNotFound,
        NotFoundStep = "Put the file back, or publish another release; the agent looks again by itself.",
    };

    public DewyException ReportFailed(ShippingReport report, DewyException cause) =>
        new(ErrorCode.ReportFailed, $"The shipping report of {report.Release.Tag} did not reach {registry}: {cause.Message}", cause)
        {
            Phase = "record",
            Target = registry,
            NextStep = $"Let {credentials.Name} write the repository's contents, or use --no-report.",
            RetryAfter = cause.RetryAfter,
        };

    public DewyException UntrustedUpload(Uri? url) =>
        new(ErrorCode.ReportFailed, $"{registry} wants files uploaded to {UrlText.Of(url)}, which is not its own host: the token does not go there.")
        {
            Phase = "record",
            Target = registry,
            NextStep = "Point GITHUB_API_URL at the server itself instead of a proxy before it, or use --no-report.",
        };
}

namespace Dewy.Engine.Registries;

/// <summary>How the URL of a single file looks in registries of a scheme, so that other registries can name it (compat).</summary>
/// <param name="Text">The form, for messages, such as <c>ghr://&lt;owner&gt;/&lt;repo&gt;/tag/&lt;tag&gt;/&lt;artifact&gt;</c>.</param>
/// <param name="Locate">Takes such a URL apart; null where it is none.</param>
internal sealed record ArtifactForm(string Text, Func<RegistryAddress, ArtifactPlace?> Locate)
{
    /// <summary>A file of a GitHub release. Tags may have slashes, file names may not.</summary>
    public static ArtifactForm GitHub { get; } = new(
        "ghr://<owner>/<repo>/tag/<tag>/<artifact>",
        url => Split(url.Path) is [{ Length: > 0 } repository, "tag", _, _, ..] words
            ? At(url, repository, string.Join('/', words[2..^1]), words[^1])
            : null);

    /// <summary>An object of an S3 bucket, laid out as registries are.</summary>
    public static ArtifactForm S3 { get; } = new(
        "s3://<region>/<bucket>/<prefix>/<version>/<artifact>",
        url => Split(url.Path) is [{ Length: > 0 }, .., _, _] words and { Length: > 2 } ? At(url, string.Join('/', words[..^2]), words[^2], words[^1]) : null);

    /// <summary>An object of a Google Cloud Storage bucket, laid out as registries are.</summary>
    public static ArtifactForm GoogleCloudStorage { get; } = new(
        "gs://<bucket>/<prefix>/<version>/<artifact>",
        url => Split(url.Path) is [.., _, _] words ? At(url, string.Join('/', words[..^2]), words[^2], words[^1]) : null);

    /// <summary>An image by its tag.</summary>
    public static ArtifactForm Image { get; } = new(
        "img://<host[:port]>/<repository>:<tag>",
        url => url.Path.LastIndexOf(':') is > 0 and var colon && !url.Path.Contains('@', StringComparison.Ordinal) ? At(url, url.Path[..colon], url.Path[(colon + 1)..], name: null) : null);

    private static string[] Split(string path) => path.Split('/');

    private static ArtifactPlace? At(RegistryAddress url, string path, string tag, string? name) =>
        url.Authority.Length == 0 || tag.Length == 0 || name is ""
            ? null
            : new ArtifactPlace(url with { Path = path, DisplayName = $"{url.Scheme}://{url.Authority}/{path}".TrimEnd('/') }, tag, name);
}

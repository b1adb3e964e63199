using System.Text.RegularExpressions;

namespace Dewy.Engine.Registries.Oci;

/// <summary>
/// A repository of images: where its registry is asked, and what people and container engines call it. Docker Hub goes by
/// several names; they are one here.
/// </summary>
internal sealed partial record ImageRepository
{
    public const string Form = "img://<host[:port]>/<repository>";
    public const string PlainHttp = "plain-http";

    private const string DockerHub = "docker.io";
    private const string DockerHubApi = "registry-1.docker.io";

    /// <summary>The most characters of host and repository together (distribution specification, "Pulling manifests").</summary>
    private const int LongestReference = 255;

    private static readonly HashSet<string> DockerHubNames = new([DockerHub, "index.docker.io", DockerHubApi, "registry.hub.docker.com"], StringComparer.Ordinal);

    /// <summary>Host and port as references and credentials name them, lower case: <c>ghcr.io</c>, <c>docker.io</c>, <c>127.0.0.1:5000</c>.</summary>
    public required string Host { get; init; }

    /// <summary>The repository's name in the registry, such as <c>library/nginx</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Root of the registry's API, with a trailing slash.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Whether the user himself asked for plain HTTP, rather than it being the default of a loopback address.</summary>
    public bool PlainHttpAsked { get; init; }

    /// <summary>The image without tag and digest, such as <c>docker.io/library/nginx</c>.</summary>
    public string Reference => $"{Host}/{Name}";

    /// <summary>Whether it is Docker Hub, whose credentials are kept under a name of their own.</summary>
    public bool IsDockerHub => Host is DockerHub;

    /// <summary>Takes the address of an image registry apart.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: there can be no images at that place.</exception>
    public static ImageRepository From(RegistryAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var host = ReadHost(address);
        var isHub = DockerHubNames.Contains(host);
        var name = ReadName(address, isHub);
        host = isHub ? DockerHub : host;
        if (host.Length + 1 + name.Length > LongestReference)
            throw Invalid(address, $"host and repository have more than {LongestReference} characters", "Use a repository with a shorter name.");

        bool? plainAsked = address.Parameters.ContainsKey(PlainHttp) ? RegistryCriteria.Flag(address, PlainHttp) : null;
        if (isHub && plainAsked is true)
            throw Invalid(address, "Docker Hub does not speak plain HTTP", $"Take {PlainHttp} out.");
        var api = isHub ? DockerHubApi : host;
        var secure = new Uri($"https://{api}/");
        return new ImageRepository
        {
            Host = host,
            Name = name,
            Endpoint = plainAsked ?? secure.IsLoopback ? new Uri($"http://{api}/") : secure,
            PlainHttpAsked = plainAsked is true,
        };
    }

    /// <summary>The URL of something in this repository: <c>/v2/&lt;name&gt;/&lt;rest&gt;</c>.</summary>
    public Uri Locate(string rest) => new(Endpoint, $"v2/{Name}/{rest}");

    /// <summary>Whether a tag can be one (distribution specification): anything else is a server's nonsense.</summary>
    public static bool IsTag(string? text) => text is not null && TagShape().IsMatch(text);

    private static string ReadHost(RegistryAddress address)
    {
        var host = address.Authority.ToLowerInvariant();
        if (host.Length == 0)
            throw Invalid(address, "it names no registry", $"Write {Form}, such as img://ghcr.io/acme/app.");

        // Container engines read acme/app as an image of Docker Hub: the agent must not watch another one than they pull.
        if (!host.AsSpan().ContainsAny('.', ':') && host is not "localhost")
            throw Invalid(address, $"'{host}' is no registry's host", $"Write img://docker.io/{host}/{address.Path} for Docker Hub, or give the port of a host without a domain: img://{host}:5000/{address.Path}.");
        return HostShape().IsMatch(host) ? host : throw Invalid(address, $"'{host}' is no registry's host", $"Write {Form}.");
    }

    private static string ReadName(RegistryAddress address, bool isHub)
    {
        var name = address.Path.TrimEnd('/');
        if (name.Length == 0)
            throw Invalid(address, "it names no repository", $"Write {Form}, such as img://ghcr.io/acme/app.");
        if (isHub && !name.Contains('/', StringComparison.Ordinal))
            name = "library/" + name;
        if (NameShape().IsMatch(name))
            return name;
        if (name.Contains('@', StringComparison.Ordinal) || name.Contains(':', StringComparison.Ordinal))
            throw Invalid(address, "it names a tag or a digest", "Leave it out: Dewy chooses among the tags; the parameter constraint and pinning narrow them down.");
        throw Invalid(address, $"'{name}' is no repository's name", "Repositories are lower-case words of letters and digits, joined by / . _ and -.");
    }

    private static DewyException Invalid(RegistryAddress address, string why, string nextStep) =>
        RegistryAddressReader.Invalid(address.DisplayName, why, nextStep);

    [GeneratedRegex(@"\A(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9._-]*[a-z0-9])?)(:[0-9]{1,5})?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex HostShape();

    [GeneratedRegex(@"\A[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NameShape();

    [GeneratedRegex(@"\A[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z", RegexOptions.NonBacktracking)]
    private static partial Regex TagShape();
}

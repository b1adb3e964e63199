using System.Text;
using System.Text.Json;
using Dewy.Engine.Registries.Oci.Wire;

namespace Dewy.Engine.Registries.Oci.Credentials;

/// <summary>Docker's <c>config.json</c>, which <c>docker login</c> writes: credentials of registries, or who keeps them.</summary>
internal sealed class DockerConfig
{
    private const string FileName = "config.json";
    private const int LargestFile = 1 << 20;

    /// <summary>Under which Docker keeps the credentials of Docker Hub.</summary>
    public const string DockerHubKey = "https://index.docker.io/v1/";

    private readonly string _path;
    private readonly DockerConfigDocument _document;

    private DockerConfig(string path, DockerConfigDocument document)
    {
        _path = path;
        _document = document;
    }

    /// <summary>The file in <c>DOCKER_CONFIG</c>, else in <c>~/.docker</c>; null where there is none.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidConfiguration"/>: it cannot be read.</exception>
    public static async Task<DockerConfig?> ReadAsync(RegistryServices services, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(services);

        // A service may have no HOME; its user still has one.
        var home = services.Variable(OperatingSystem.IsWindows() ? "USERPROFILE" : "HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var directory = services.Variable("DOCKER_CONFIG") ?? Path.Combine(home, ".docker");
        var path = Path.Combine(directory, FileName);
        if (!Path.IsPathRooted(path) || !File.Exists(path))
            return null;
        try
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 4096, FileOptions.Asynchronous);
            if (stream.Length > LargestFile)
                throw Unreadable(path, $"it is larger than {LargestFile >> 20} MiB", null);
            return new DockerConfig(path, await JsonSerializer.DeserializeAsync(stream, OciJson.Default.DockerConfigDocument, cancellationToken) ?? new DockerConfigDocument());
        }
        catch (JsonException exception)
        {
            // The parser's own words may quote the file.
            throw Unreadable(path, $"line {exception.LineNumber + 1 ?? 1} is not what it should be", exception: null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, exception.Message, exception);
        }
    }

    /// <summary>The helper that keeps a registry's credentials, and the name they have there; null where none is set.</summary>
    public (string Helper, string ServerUrl)? FindHelper(ImageRepository repository)
    {
        ArgumentNullException.ThrowIfNull(repository);
        var serverUrl = repository.IsDockerHub ? DockerHubKey : repository.Host;
        var helper = Find(_document.CredHelpers, repository) ?? _document.CredsStore;
        return string.IsNullOrWhiteSpace(helper) ? null : (helper, serverUrl);
    }

    /// <summary>The credentials that stand in the file itself; null where there are none.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidConfiguration"/>: they are no base64 of user and password.</exception>
    public RegistryCredential? FindCredential(ImageRepository repository)
    {
        ArgumentNullException.ThrowIfNull(repository);
        if (Find(_document.Auths, repository) is not { } entry)
            return null;
        var (user, password) = (entry.Username, entry.Password);
        if (!string.IsNullOrEmpty(entry.Auth))
            (user, password) = Decode(entry.Auth, repository);
        if (!string.IsNullOrEmpty(entry.IdentityToken))
            return new RegistryCredential { User = user ?? "", Secret = entry.IdentityToken, IsIdentityToken = true, Origin = _path };
        return string.IsNullOrEmpty(user) || string.IsNullOrEmpty(password)
            ? null // docker login leaves an empty entry behind where a helper keeps the secret
            : new RegistryCredential { User = user, Secret = password, Origin = _path };
    }

    private (string User, string Password) Decode(string auth, ImageRepository repository)
    {
        var bytes = new byte[auth.Length];
        if (Convert.TryFromBase64String(auth, bytes, out var count))
        {
            var text = Encoding.UTF8.GetString(bytes, 0, count).TrimEnd('\0');
            if (text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
                return (text[..colon], text[(colon + 1)..]);
        }

        throw Unreadable(_path, $"its 'auth' of {repository.Host} is no base64 of user:password", exception: null);
    }

    /// <summary>The registry's entry: by its very name, else by a URL that names it, as older versions of Docker wrote.</summary>
    private static T? Find<T>(IReadOnlyDictionary<string, T?>? entries, ImageRepository repository)
        where T : class
    {
        if (entries is null)
            return null;
        IReadOnlyList<string> names = repository.IsDockerHub ? [DockerHubKey, "docker.io", "index.docker.io", "registry-1.docker.io"] : [repository.Host];
        foreach (var name in names)
        {
            if (entries.TryGetValue(name, out var exact) && exact is not null)
                return exact;
        }

        return entries.FirstOrDefault(entry => entry.Value is not null && names.Contains(HostOf(entry.Key), StringComparer.OrdinalIgnoreCase)).Value;
    }

    private static string HostOf(string key)
    {
        var place = key.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? key[(scheme + 3)..] : key;
        return place.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? place[..slash] : place;
    }

    private static DewyException Unreadable(string path, string why, Exception? exception) =>
        new(ErrorCode.InvalidConfiguration, $"Docker's configuration {path} cannot be used: {why}.", exception)
        {
            Phase = "check",
            Target = path,
            NextStep = "Mend the file, run 'docker login' anew, or point DOCKER_CONFIG to another directory.",
        };
}

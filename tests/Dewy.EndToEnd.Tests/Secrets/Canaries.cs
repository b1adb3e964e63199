using System.Security;
using System.Text;
using System.Text.Json;
using Dewy.Tests;
using Dewy.Tests.GitHub;

namespace Dewy.EndToEnd.Tests.Secrets;

/// <summary>A secret in every place Dewy takes secrets from, each of them to be known again wherever it turns up.</summary>
internal sealed class Canaries : IDisposable
{
    /// <summary>Variables of an agent that nobody but it may have.</summary>
    public static readonly string[] Variables =
    [
        "GITHUB_TOKEN", "GH_TOKEN", "GITHUB_APP_PRIVATE_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ECR_PASSWORD",
        "GCR_TOKEN", "DOCKER_USERNAME", "DOCKER_PASSWORD", "DOCKER_AUTH_CONFIG", "GOOGLE_APPLICATION_CREDENTIALS", "SLACK_TOKEN", "MAIL_USERNAME", "MAIL_PASSWORD",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN", "DEWY_NOTIFIER",
    ];

    /// <summary>Variables whose value is a name or a path: kept from children, but no secret in a message.</summary>
    private static readonly string[] Names = ["DOCKER_USERNAME", "MAIL_USERNAME", "GOOGLE_APPLICATION_CREDENTIALS"];

    private const string RefreshToken = "google refresh token";

    /// <summary>What an image registry gives; before that nobody knows it.</summary>
    public const string ImageToken = "image token";

    private readonly TemporaryDirectory _home = new();
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _secrets = new(StringComparer.Ordinal);

    public Canaries()
    {
        foreach (var name in Variables)
            Set(name, $"canary:{name.ToLowerInvariant()}/{Guid.NewGuid():N}+ü");

        // What goes into headers as it is must be of ASCII.
        foreach (var name in new[] { "GITHUB_TOKEN", "GH_TOKEN", "GCR_TOKEN" })
            Set(name, $"ghp_canary{Guid.NewGuid():N}");
        foreach (var name in new[] { "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN" })
            Set(name, $"CANARY{Guid.NewGuid():N}");
        Set("GITHUB_APP_PRIVATE_KEY", App.PrivateKey);
        Set("SLACK_TOKEN", $"xoxb-canary{Guid.NewGuid():N}");
        Set("DEWY_NOTIFIER", NotifierUrls());
        _environment["SLACK_API_URL"] = "http://127.0.0.1:9/api/";
        _environment["HOME"] = _home.Path;
        _environment["DOCKER_CONFIG"] = Directory.CreateDirectory(_home.Combine("docker")).FullName;
        _environment["HTTPS_PROXY"] = "http://canary-user:" + Secret("proxy", $"canary{Guid.NewGuid():N}") + "@127.0.0.1:9";
        _environment["DOTNET_NOLOGO"] = "1";
        SetGoogleCredentials(JsonSerializer.Serialize(new { type = "authorized_user", client_id = "1", client_secret = "of google", refresh_token = Secret(RefreshToken, $"1//canary{Guid.NewGuid():N}") }));
    }

    /// <summary>The app whose key is in the environment; its number is not, so that tokens are used unless a test says otherwise.</summary>
    public GitHubAppState App { get; } = new(TimeProvider.System);

    public string Home => _home.Path;

    public IReadOnlyDictionary<string, string> Environment => _environment;

    public string this[string name] => _environment[name];

    /// <summary>Sets a variable; what it held before is looked for no more.</summary>
    public void Set(string name, string value)
    {
        _environment[name] = value;
        if (value.Length > 0 && Variables.Contains(name) && !Names.Contains(name))
            _secrets[name] = value;
        else
            _secrets.Remove(name);
    }

    /// <summary>Looks for something besides.</summary>
    public string Secret(string name, string value) => _secrets[name] = value;

    /// <summary>Has Docker's configuration know a user and his password for a registry.</summary>
    public void SetDockerCredentials(string host, string user, string password)
    {
        var auth = Secret("docker auth", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        Secret("docker password", password);
        File.WriteAllText(_home.Combine("docker", "config.json"), JsonSerializer.Serialize(new { auths = new Dictionary<string, object> { [host] = new { auth } } }));
    }

    public void SetGoogleCredentials(string content)
    {
        File.WriteAllText(_home.Combine("google.json"), content);
        Set("GOOGLE_APPLICATION_CREDENTIALS", _home.Combine("google.json"));
    }

    /// <summary>All secrets in one sentence, as a badly made server would answer; without what breaks JSON or XML, and without what Dewy has not got to know by then.</summary>
    public string Quote() => string.Join(' ', _secrets.Where(secret => secret.Key is not (RefreshToken or ImageToken)).SelectMany(secret => Parts(secret.Value)).Select(part => SecurityElement.Escape(part)));

    /// <summary>The names of secrets that a text gives away, in whatever form.</summary>
    public IReadOnlyList<string> In(string text, params IReadOnlyList<string> allowed) =>
        [.. _secrets.Where(secret => !allowed.Contains(secret.Key) && Parts(secret.Value).SelectMany(Forms).Any(form => text.Contains(form, StringComparison.Ordinal))).Select(secret => secret.Key)];

    /// <summary>The same for every file below a directory but locks, with the file's path.</summary>
    public IReadOnlyList<string> InFiles(string directory, Func<string, bool> isLookedAt, params IReadOnlyList<string> allowed) =>
        [.. Directory.EnumerateFiles(directory, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Where(path => !path.EndsWith("lock", StringComparison.Ordinal) && isLookedAt(path)).SelectMany(path => In(Read(path), allowed).Select(name => $"{name} in {path}"))];

    /// <summary>Secrets and variables in the environment of a process, as <c>/proc</c> has it.</summary>
    public IReadOnlyList<string> InEnvironment(string environ, params IReadOnlyList<string> allowed)
    {
        var names = environ.Split('\0').Select(variable => variable.Split('=')[0]).ToHashSet(StringComparer.Ordinal);
        return [.. In(environ, ["proxy", .. allowed]), .. Variables.Where(variable => names.Contains(variable) && !allowed.Contains(variable))];
    }

    public static string Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    public void Dispose()
    {
        App.Dispose();
        _home.Dispose();
    }

    /// <summary>Notifiers that nobody answers for, so that much is said of them.</summary>
    private string NotifierUrls()
    {
        var secret = Secret("notifier secret", $"canary/{Guid.NewGuid():N}+ü");
        return $"webhook://127.0.0.1:9/{Secret("notifier path", $"canary{Guid.NewGuid():N}")}?secret={Uri.EscapeDataString(secret)};slack://deployments;discord://127.0.0.1:9/api/webhooks/1/{Secret("notifier token", $"canary{Guid.NewGuid():N}")}";
    }

    /// <summary>The lines of a key are secrets one by one; its first and last line are not.</summary>
    private static IEnumerable<string> Parts(string secret) =>
        secret.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => !line.StartsWith("-----", StringComparison.Ordinal));

    private static IEnumerable<string> Forms(string part) =>
    [
        part,
        Uri.EscapeDataString(part),
        JsonSerializer.Serialize(part).Trim('"'),
        Convert.ToBase64String(Encoding.UTF8.GetBytes(part)),
    ];
}

using System.Security.Cryptography;

namespace Dewy.Engine.Registries.GitHub;

/// <summary>A GitHub App's identity out of the environment.</summary>
internal sealed record GitHubAppSettings
{
    public const string IdName = "GITHUB_APP_ID";
    public const string InstallationName = "GITHUB_APP_INSTALLATION_ID";
    public const string KeyName = "GITHUB_APP_PRIVATE_KEY";
    public const string KeyPathName = "GITHUB_APP_PRIVATE_KEY_PATH";

    private const int LargestKey = 64 << 10;

    /// <summary>The app's number or client id.</summary>
    public required string Id { get; init; }

    public required long Installation { get; init; }

    /// <summary>The key itself; null where it is in a file.</summary>
    public string? Key { get; init; }

    /// <summary>The key's file, read anew for each token, so that a replaced key is taken up.</summary>
    public string? KeyPath { get; init; }

    /// <summary>The settings; null where there is no app.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: only some of the variables are set, or one holds nothing of use.</exception>
    public static GitHubAppSettings? Read(RegistryServices services)
    {
        var id = services.Variable(IdName);
        var installation = services.Variable(InstallationName);
        var key = services.Variable(KeyName);
        var keyPath = services.Variable(KeyPathName);
        services.Redactor.Add(key);
        if (id is null && installation is null && key is null && keyPath is null)
            return null;
        if (id is null)
            throw Missing(IdName);
        if (installation is null)
            throw Missing(InstallationName);
        if (key is null && keyPath is null)
            throw Missing(KeyName);
        if (!long.TryParse(installation, out var number) || number <= 0)
            throw Invalid($"The environment variable {InstallationName} holds no number.", InstallationName);
        var settings = new GitHubAppSettings { Id = id, Installation = number, Key = key, KeyPath = key is null ? keyPath : null };
        if (settings.Key is not null)
            settings.OpenKey(services).Dispose();
        return settings;
    }

    /// <summary>The key, PKCS#1 or PKCS#8 in PEM; the redactor learns it.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: there is no such file, or no key in it.</exception>
    public RSA OpenKey(RegistryServices services)
    {
        var name = Key is not null ? KeyName : KeyPathName;
        var key = RSA.Create();
        try
        {
            // Variables that hold several lines are often written with \n in place of the line breaks.
            var pem = (Key ?? ReadFile()).Replace("\\n", "\n", StringComparison.Ordinal);
            services.Redactor.Add(pem);
            key.ImportFromPem(pem);
            return key;
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            key.Dispose();

            // The cause stays out: it might quote the key.
            throw Invalid($"{name} gives no RSA private key in PEM form.", name);
        }
    }

    private string ReadFile()
    {
        var path = KeyPath ?? "";
        try
        {
            return new FileInfo(path).Length > LargestKey ? "" : File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DewyException(ErrorCode.InvalidOption, $"The GitHub App's key {path} cannot be read: {exception.Message}", exception)
            {
                Target = path,
                NextStep = $"Correct {KeyPathName}, and let the agent's user read the file.",
            };
        }
    }

    private static DewyException Missing(string name) =>
        Invalid($"A GitHub App is half configured: the environment variable {name} is missing.", name);

    private static DewyException Invalid(string message, string name) => new(ErrorCode.InvalidOption, message)
    {
        Target = name,
        NextStep = $"Set {IdName}, {InstallationName} and {KeyName} (or {KeyPathName}), or none of them.",
    };
}

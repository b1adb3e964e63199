using Dewy.Engine.Diagnostics;

namespace Dewy.Engine.Containers.RunOptions.Values;

/// <summary>
/// Finds the values among container options that must not be seen. Not every variable's: <c>LOG_LEVEL=info</c> would take
/// the word out of every line. By name, and passwords in URLs whatever the name.
/// </summary>
internal static class SecretFinder
{
    private static readonly string[] Signs =
    [
        "PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "CREDENTIAL", "PRIVATE", "APIKEY", "API_KEY", "API-KEY", "ACCESS_KEY", "DSN", "COOKIE",
        "SIGNING", "ENCRYPTION", "AUTH", "WEBHOOK", "CONNECTION_STRING", "CONNECTIONSTRING",
    ];

    private static readonly string[] Endings = ["_KEY", "_PWD", "_PASS", "-KEY", "__KEY", "_SALT", "_CERT"];

    public static IReadOnlyList<string> Find(IReadOnlyList<EnvironmentEntry> environment, IReadOnlyDictionary<string, string> logOptions, IReadOnlyList<MountEntry> mounts)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(logOptions);
        ArgumentNullException.ThrowIfNull(mounts);
        var pairs = environment.Select(variable => (variable.Name, Value: variable.Value ?? ""))
            .Concat(logOptions.Select(option => (Name: option.Key, option.Value)))
            .Concat(mounts.SelectMany(mount => mount.VolumeOptions).SelectMany(MountOptions));
        return [.. pairs.SelectMany(Of).Where(value => value.Length > 0).Distinct(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Of((string Name, string Value) pair) =>
        IsSecret(pair.Name) ? [pair.Value, .. PasswordOf(pair.Value)] : PasswordOf(pair.Value);

    private static bool IsSecret(string name) =>
        SecretVariables.IsRedacted(name)
        || Signs.Any(sign => name.Contains(sign, StringComparison.OrdinalIgnoreCase))
        || Endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    // volume-opt=o=addr=10.0.0.1,username=app,password=…
    private static IEnumerable<(string Name, string Value)> MountOptions(KeyValuePair<string, string> option) =>
        option.Value.Split(',').Select(part => part.Split('=', 2)).Select(part => part.Length == 2 ? (part[0], part[1]) : (option.Key, part[0]));

    /// <summary>The password in a URL, as it stands there and decoded.</summary>
    private static IEnumerable<string> PasswordOf(string value)
    {
        var scheme = value.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
            return [];
        var rest = value[(scheme + 3)..];
        var at = rest.LastIndexOf('@');
        var colon = rest.IndexOf(':', StringComparison.Ordinal);
        if (at < 0 || colon < 0 || colon > at)
            return [];
        var password = rest[(colon + 1)..at];
        return [password, Uri.UnescapeDataString(password)];
    }
}

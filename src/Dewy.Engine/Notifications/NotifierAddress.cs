using Dewy.Engine.Diagnostics;

namespace Dewy.Engine.Notifications;

/// <summary>A notifier's URL taken apart and found to be valid. Most of such a URL may be a secret: people are shown <see cref="DisplayName"/> and nothing else.</summary>
public sealed record NotifierAddress
{
    /// <summary>Lower-case scheme, such as <c>slack</c>.</summary>
    public required string Scheme { get; init; }

    /// <summary>What stands between <c>//</c> and the first slash, decoded: a channel, a host, a host and a port.</summary>
    public required string Authority { get; init; }

    /// <summary>The URL without its secrets.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>Whether only results, failures and recoveries are sent.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>The rest before the query, without a leading slash, as it was written.</summary>
    internal string RawPath { get; init; } = "";

    /// <summary>Parameters of the query, decoded; names in lower case.</summary>
    internal IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What in the URL nobody may see.</summary>
    internal IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary><see cref="RawPath"/> decoded.</summary>
    internal string Path => Uri.UnescapeDataString(RawPath);

    /// <summary>Reads a notifier's URL: the schemes and parameters this build of Dewy has, and no others.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/> that lists what is valid.</exception>
    public static NotifierAddress Parse(string text) => NotifierCatalog.BuiltIn.Parse(text);

    /// <summary>Has a redactor know what in this URL nobody may see.</summary>
    public void TeachSecrets(SecretRedactor redactor)
    {
        ArgumentNullException.ThrowIfNull(redactor);
        foreach (var secret in Secrets)
            redactor.Add(secret);
    }

    /// <inheritdoc/>
    public override string ToString() => DisplayName;

    /// <summary>The value of a parameter; null where it was not given or is empty.</summary>
    internal string? Parameter(string name) => Parameters.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>A parameter that is true or false.</summary>
    /// <exception cref="DewyException">It is neither.</exception>
    internal bool Flag(string name, bool otherwise) => Parameter(name)?.ToLowerInvariant() switch
    {
        null => otherwise,
        "true" or "1" or "yes" or "on" => true,
        "false" or "0" or "no" or "off" => false,
        _ => throw NotifierAddressReader.Invalid(DisplayName, $"{name}= is neither true nor false", $"Write {name}=true or {name}=false."),
    };
}

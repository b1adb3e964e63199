namespace Dewy.Engine.Diagnostics;

/// <summary>Takes secrets out of text by their value. Thread-safe.</summary>
public sealed class SecretRedactor
{
    /// <summary>What stands in a secret's place.</summary>
    public const string Mask = "***";

    /// <summary>Shorter values are not redacted: they would eat ordinary words.</summary>
    private const int ShortestSecret = 4;

    private readonly Lock _gate = new();
    private volatile string[] _secrets = [];

    /// <summary>A redactor that knows the secrets in an environment.</summary>
    public static SecretRedactor FromEnvironment(IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var redactor = new SecretRedactor();
        redactor.LearnVariables(environment);
        return redactor;
    }

    /// <summary>Learns what nobody may see of options: a credential, what a configuration file took from elsewhere, variables with secrets.</summary>
    public void Learn(OptionSet options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Add(options.Credential?.Secret);
        LearnVariables(options.Variables);
        foreach (var secret in options.Secrets)
            Add(secret);
    }

    /// <summary>Learns a secret, its URL-encoded form, and each line of one that has several, such as a private key.</summary>
    public void Add(string? secret)
    {
        if (string.IsNullOrWhiteSpace(secret))
            return;
        lock (_gate)
            _secrets = [.. _secrets.Concat(Forms(secret)).Distinct(StringComparer.Ordinal).OrderByDescending(form => form.Length)];
    }

    /// <summary>Forgets a secret that holds no more, such as a token that was renewed: a long-lived agent has many of them.</summary>
    public void Remove(string? secret)
    {
        if (string.IsNullOrWhiteSpace(secret))
            return;
        lock (_gate)
            _secrets = [.. _secrets.Except(Forms(secret), StringComparer.Ordinal)];
    }

    /// <summary>The text with every known secret masked.</summary>
    public string Redact(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var secret in _secrets)
            text = text.Replace(secret, Mask, StringComparison.Ordinal);
        return text;
    }

    private void LearnVariables(IReadOnlyDictionary<string, string> variables)
    {
        foreach (var (name, value) in variables)
        {
            if (SecretVariables.IsRedacted(name))
                Add(value);
            else if (name.EndsWith("_PROXY", StringComparison.OrdinalIgnoreCase))
                Add(PasswordOf(value));
        }
    }

    // Lines also where a variable has \n in place of line breaks: whoever reads the key shows it with real ones.
    private static IEnumerable<string> Forms(string secret) =>
        new[] { secret, Uri.EscapeDataString(secret) }
            .Concat(secret.Split(["\n", "\\n"], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Where(form => form.Length >= ShortestSecret);

    /// <summary>The password in a proxy's URL, which children need and nobody else; as it stands there, and null where there is none.</summary>
    private static string? PasswordOf(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        var authority = scheme < 0 ? url : url[(scheme + 3)..];
        return authority.LastIndexOf('@') is > 0 and var at && authority.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon && colon < at
            ? authority[(colon + 1)..at]
            : null;
    }
}

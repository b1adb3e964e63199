namespace Dewy.Engine.Diagnostics;

/// <summary>The environment variables that hold the agent's own secrets.</summary>
public static class SecretVariables
{
    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        "GH_TOKEN", "GITHUB_TOKEN", "GITHUB_APP_PRIVATE_KEY",
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_ECR_PASSWORD",
        "GOOGLE_APPLICATION_CREDENTIALS", "GCR_TOKEN",
        "DOCKER_USERNAME", "DOCKER_PASSWORD", "DOCKER_AUTH_CONFIG",
        "SLACK_TOKEN", "MAIL_USERNAME", "MAIL_PASSWORD",
    };

    /// <summary>Variables whose value is no secret in itself, such as a user name or a file's path: kept from children, but not redacted.</summary>
    private static readonly HashSet<string> NotRedacted = new(StringComparer.OrdinalIgnoreCase)
    {
        "GOOGLE_APPLICATION_CREDENTIALS", "DOCKER_USERNAME", "MAIL_USERNAME",
    };

    /// <summary>Whether a variable is kept from hooks and the application: a known one, or one of Dewy's own that carries a URL or a token.</summary>
    public static bool IsSecret(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Known.Contains(name)
            || (name.StartsWith("DEWY_", StringComparison.OrdinalIgnoreCase)
                && (name.Contains("TOKEN", StringComparison.OrdinalIgnoreCase)
                    || name.Contains("SECRET", StringComparison.OrdinalIgnoreCase)
                    || name.Contains("PASSWORD", StringComparison.OrdinalIgnoreCase)
                    || name.Contains("NOTIFIER", StringComparison.OrdinalIgnoreCase)
                    || name.Contains("REGISTRY", StringComparison.OrdinalIgnoreCase)
                    || name.Contains("CACHE", StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Whether a variable's value is to be redacted wherever it appears.</summary>
    public static bool IsRedacted(string name) => IsSecret(name) && !NotRedacted.Contains(name)
        && !name.StartsWith("DEWY_REGISTRY", StringComparison.OrdinalIgnoreCase)
        && !name.StartsWith("DEWY_NOTIFIER", StringComparison.OrdinalIgnoreCase)
        && !name.StartsWith("DEWY_CACHE", StringComparison.OrdinalIgnoreCase);

    /// <summary>An environment for a child: everything but the agent's secrets, save those that <paramref name="pass"/> names.</summary>
    public static Dictionary<string, string> Without(IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> pass)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return environment
            .Where(pair => !IsSecret(pair.Key) || pass.Contains(pair.Key, StringComparer.Ordinal))
            .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
    }
}

using Dewy.Engine.Diagnostics;

namespace Dewy.Engine.Admin.Answers;

/// <summary>
/// Labels as anybody on this host may see them. People keep all sorts of things in labels; what is named like a secret is
/// masked, whatever its value.
/// </summary>
internal static class ShownLabels
{
    private static readonly string[] Secretive = ["token", "secret", "password", "passwd", "credential", "apikey", "api-key", "api_key", "private", "auth", "cookie", "session", "dsn"];

    public static IReadOnlyDictionary<string, string> Of(IReadOnlyDictionary<string, string> labels) =>
        labels.ToDictionary(label => label.Key, label => Show(label.Key, label.Value), StringComparer.Ordinal);

    private static string Show(string name, string value)
    {
        if (name.StartsWith("dewy.", StringComparison.Ordinal))
            return value;
        return SecretVariables.IsSecret(name) || Secretive.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)) || HasUserInformation(value)
            ? SecretRedactor.Mask
            : value;
    }

    private static bool HasUserInformation(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var url) && url.UserInfo.Contains(':', StringComparison.Ordinal);
}

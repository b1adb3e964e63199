using System.Text;

namespace Dewy.Engine.Registries.Oci.Authorization;

/// <summary>Reads the parameters of a challenge: <c>realm="https://auth.example/token",service="…",scope="…"</c> (RFC 9110, section 11.2).</summary>
internal static class AuthParameters
{
    /// <summary>Names in lower case with their values, quotes and escapes undone; the first of a name counts. What does not fit the grammar ends the reading.</summary>
    public static IReadOnlyDictionary<string, string> Read(string? text)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        var rest = (text ?? "").AsSpan();
        while (true)
        {
            rest = rest.TrimStart(" \t,");
            var equals = rest.IndexOf('=');
            if (equals <= 0)
                return parameters;
            var name = rest[..equals].TrimEnd().ToString().ToLowerInvariant();
            rest = rest[(equals + 1)..].TrimStart();
            if ((rest.StartsWith("\"") ? ReadQuoted(ref rest) : ReadToken(ref rest)) is not { } value)
                return parameters;
            parameters.TryAdd(name, value);
        }
    }

    private static string ReadToken(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf(',');
        var value = (end < 0 ? rest : rest[..end]).Trim().ToString();
        rest = end < 0 ? [] : rest[(end + 1)..];
        return value;
    }

    private static string? ReadQuoted(ref ReadOnlySpan<char> rest)
    {
        var value = new StringBuilder();
        for (var index = 1; index < rest.Length; index++)
        {
            switch (rest[index])
            {
                case '"':
                    rest = rest[(index + 1)..];
                    return value.ToString();
                case '\\' when index + 1 < rest.Length:
                    value.Append(rest[++index]);
                    break;
                default:
                    value.Append(rest[index]);
                    break;
            }
        }

        return null; // never closed
    }
}

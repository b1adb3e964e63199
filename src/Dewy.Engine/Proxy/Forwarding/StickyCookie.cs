using Dewy.Engine.Proxy.Backends;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Dewy.Engine.Proxy.Forwarding;

/// <summary>
/// The cookie that keeps a client with its backend. It holds no address, only a name that is looked up among the backends
/// there are: a made-up one leads nowhere.
/// </summary>
internal static class StickyCookie
{
    public const string Name = "dewy-backend";

    /// <summary>The backend a client asks for; null where it asks for none.</summary>
    public static string? Read(HttpRequest request)
    {
        foreach (var header in request.Headers.Cookie)
        {
            var rest = header.AsSpan();
            while (!rest.IsEmpty)
            {
                var end = rest.IndexOf(';');
                var pair = (end < 0 ? rest : rest[..end]).Trim();
                rest = end < 0 ? [] : rest[(end + 1)..];
                if (pair.Length > Name.Length && pair[Name.Length] == '=' && pair.StartsWith(Name, StringComparison.Ordinal))
                    return pair[(Name.Length + 1)..].ToString();
            }
        }

        return null;
    }

    /// <summary>Tells a client which backend is its own.</summary>
    public static void Write(HttpResponse response, Backend backend, bool isTls) =>
        response.Headers.Append(HeaderNames.SetCookie, $"{Name}={backend.Token}; Path=/; HttpOnly; SameSite=Lax{(isTls ? "; Secure" : "")}");
}

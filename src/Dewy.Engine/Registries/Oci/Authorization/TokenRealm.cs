using Dewy.Engine.Registries.Http;

namespace Dewy.Engine.Registries.Oci.Authorization;

/// <summary>The address of a token server, from a registry's challenge. Credentials go there, so it must be protected.</summary>
internal static class TokenRealm
{
    /// <summary>
    /// The realm with the query of a token request. Plain HTTP counts only where the registry itself is spoken to so: by
    /// default (a loopback address) for loopback realms, for any where the user asked for plain HTTP.
    /// </summary>
    /// <param name="realm">What the registry said.</param>
    /// <param name="repository">The registry that said it.</param>
    /// <param name="refuse">Makes the failure from a sentence about the realm.</param>
    public static Uri Read(string realm, ImageRepository repository, Func<string, DewyException> refuse)
    {
        ArgumentNullException.ThrowIfNull(repository);
        if (!Uri.TryCreate(realm, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0 || url.Fragment.Length > 0)
            throw refuse("the token server it names is no web address");
        var plainIsFine = repository.Endpoint.Scheme == Uri.UriSchemeHttp && (repository.PlainHttpAsked || url.IsLoopback);
        return url.Scheme == Uri.UriSchemeHttps || plainIsFine
            ? url
            : throw refuse($"it wants credentials sent unprotected to {UrlText.Of(url)}");
    }

    /// <summary>
    /// What is asked for: what the registry names, if that is no more than reading this repository, else reading it. A
    /// registry has no say in what the agent's credentials are good for elsewhere.
    /// </summary>
    public static string Scope(AuthChallenge challenge, ImageRepository repository)
    {
        ArgumentNullException.ThrowIfNull(challenge);
        ArgumentNullException.ThrowIfNull(repository);
        var prefix = $"repository:{repository.Name}:";
        return challenge.Scope is { } scope
            && scope.StartsWith(prefix, StringComparison.Ordinal)
            && scope[prefix.Length..].Split(',').All(action => action is "pull" or "metadata_read")
                ? scope
                : prefix + "pull";
    }
}

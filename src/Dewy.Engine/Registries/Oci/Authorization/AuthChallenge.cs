using System.Net.Http.Headers;

namespace Dewy.Engine.Registries.Oci.Authorization;

/// <summary>How a registry wants to be convinced, from the <c>WWW-Authenticate</c> of a 401.</summary>
/// <param name="Scheme"><c>bearer</c>, <c>basic</c> or another, lower case.</param>
/// <param name="Parameters">Its parameters, names in lower case.</param>
internal sealed record AuthChallenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    public string? Realm => Parameters.GetValueOrDefault("realm");

    public string? Service => Parameters.GetValueOrDefault("service");

    public string? Scope => Parameters.GetValueOrDefault("scope");

    /// <summary>The challenge Dewy answers: bearer tokens before passwords; null where neither is offered.</summary>
    public static AuthChallenge? Choose(HttpResponseMessage refused)
    {
        ArgumentNullException.ThrowIfNull(refused);
        var offered = refused.Headers.WwwAuthenticate.Select(Read).ToList();
        return offered.FirstOrDefault(challenge => challenge is { Scheme: "bearer", Realm: not null }) ?? offered.FirstOrDefault(challenge => challenge.Scheme is "basic");
    }

    private static AuthChallenge Read(AuthenticationHeaderValue value) => new(value.Scheme.ToLowerInvariant(), AuthParameters.Read(value.Parameter));
}

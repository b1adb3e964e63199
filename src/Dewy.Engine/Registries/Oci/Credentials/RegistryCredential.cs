namespace Dewy.Engine.Registries.Oci.Credentials;

/// <summary>What convinces a registry: a user's password, or a token that is exchanged for another (<c>docker login</c> with OAuth).</summary>
internal sealed record RegistryCredential
{
    public required string User { get; init; }

    /// <summary>Password or identity token.</summary>
    public required string Secret { get; init; }

    /// <summary>Whether the secret is an identity token, which a token server takes as refresh token.</summary>
    public bool IsIdentityToken { get; init; }

    /// <summary>Where it was found, for messages.</summary>
    public required string Origin { get; init; }

    /// <summary>Never the secret.</summary>
    public override string ToString() => $"{User} of {Origin}";
}

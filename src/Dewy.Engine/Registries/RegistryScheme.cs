namespace Dewy.Engine.Registries;

/// <summary>One kind of registry: how its URLs look and what makes its source. A new kind is a folder and one of these in <see cref="RegistryCatalog.BuiltIn"/>.</summary>
internal sealed record RegistryScheme
{
    /// <summary>The URL's scheme, lower case.</summary>
    public required string Name { get; init; }

    /// <summary>How its URLs look, for messages, such as <c>file:///absolute/path</c>.</summary>
    public required string Form { get; init; }

    /// <summary>Names of the query parameters it takes, lower case.</summary>
    public required IReadOnlyList<string> Parameters { get; init; }

    public required Func<RegistryAddress, RegistryServices, IReleaseSource> Create { get; init; }

    /// <summary>What credentials it takes that were given by hand.</summary>
    public CredentialForms Credentials { get; init; }

    /// <summary>Whether one host's answer is of use to another: false where the registry itself chooses for the host that asks.</summary>
    public bool AnswersAreShareable { get; init; } = true;

    /// <summary>Whether hosts of different platforms get different answers.</summary>
    public bool AnswersDependOnPlatform { get; init; }

    /// <summary>How other registries name a single file of such a registry; null where they cannot.</summary>
    public ArtifactForm? Artifact { get; init; }

    /// <summary>Checks, and where need be completes, an address of this scheme; the second argument is the directory relative paths start from. Throws <see cref="ErrorCode.InvalidOption"/>.</summary>
    public Func<RegistryAddress, string, RegistryAddress> Complete { get; init; } = (address, _) => address;

    /// <summary>Refuses a credential that is of no use here, rather than leave it unused.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>, naming what would do.</exception>
    public void CheckCredential(GivenCredential? credential)
    {
        if (credential is null || Credentials.HasFlag(credential.User is null ? CredentialForms.Token : CredentialForms.UserAndSecret))
            return;
        throw new DewyException(ErrorCode.InvalidOption, $"{credential.Origin} is of no use to {Name}://: {Wanted()}.")
        {
            Target = credential.Origin,
            NextStep = "Leave it out, or give what the registry takes.",
        };
    }

    private string Wanted() => Credentials switch
    {
        CredentialForms.None => "it takes no credentials",
        CredentialForms.Token => "it takes a token alone",
        CredentialForms.UserAndSecret => "it takes an access key id and a secret access key",
        _ => "it takes a token, or a user and a password",
    };
}

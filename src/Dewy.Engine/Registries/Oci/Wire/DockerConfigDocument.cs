namespace Dewy.Engine.Registries.Oci.Wire;

/// <summary>What Dewy reads of Docker's <c>config.json</c>.</summary>
internal sealed record DockerConfigDocument
{
    public IReadOnlyDictionary<string, DockerAuthDocument?>? Auths { get; init; }

    /// <summary>Credential helpers by registry.</summary>
    public IReadOnlyDictionary<string, string?>? CredHelpers { get; init; }

    /// <summary>The credential helper of all other registries.</summary>
    public string? CredsStore { get; init; }
}

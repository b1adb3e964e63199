namespace Dewy.Engine.Registries.Oci.Credentials;

/// <summary>
/// Finds the credentials of an image registry: those given by hand, then Docker's configuration (helpers before what stands in the file), then
/// <c>DOCKER_USERNAME</c> and <c>DOCKER_PASSWORD</c>, then the token of the registry's provider. Reads anew each time, so
/// that credentials can be renewed under a running agent.
/// </summary>
internal sealed class RegistryCredentials(RegistryServices services)
{
    /// <summary>The credentials; null where there are none, and the registry is asked anonymously. Secrets are known to the redactor before this returns.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidConfiguration"/>: Docker's configuration is unreadable; <see cref="ErrorCode.RegistryUnauthorized"/>: a credential helper fails.</exception>
    public async Task<RegistryCredential?> FindAsync(ImageRepository repository, CancellationToken cancellationToken)
    {
        if (services.Credential is { } given)
            return Given(repository, given);
        var found = await FindInDockerConfigAsync(repository, cancellationToken) ?? EnvironmentCredentials.Find(repository, services);
        services.Redactor.Add(found?.Secret);
        return found;
    }

    /// <summary>A token without a user is shown as the registry's provider wants it; to others it is what <c>docker login</c> calls an identity token.</summary>
    private static RegistryCredential Given(ImageRepository repository, GivenCredential given) => new()
    {
        User = given.User ?? EnvironmentCredentials.ProviderOf(repository)?.TokenUser ?? "",
        Secret = given.Secret,
        IsIdentityToken = given.User is null && EnvironmentCredentials.ProviderOf(repository) is null,
        Origin = given.Origin,
    };

    private async Task<RegistryCredential?> FindInDockerConfigAsync(ImageRepository repository, CancellationToken cancellationToken)
    {
        if (await DockerConfig.ReadAsync(services, cancellationToken) is not { } config)
            return null;
        if (config.FindHelper(repository) is var (helper, serverUrl)
            && await new CredentialHelper(services).GetAsync(helper, serverUrl, cancellationToken) is { } kept)
            return kept;
        return config.FindCredential(repository);
    }
}

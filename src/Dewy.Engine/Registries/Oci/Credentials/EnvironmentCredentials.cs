using System.Text.RegularExpressions;

namespace Dewy.Engine.Registries.Oci.Credentials;

/// <summary>Credentials in the environment. Those of one provider go to that provider's hosts only.</summary>
internal static partial class EnvironmentCredentials
{
    public static RegistryCredential? Find(ImageRepository repository, RegistryServices services)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(services);
        if (services.Variable("DOCKER_USERNAME") is { } user && services.Variable("DOCKER_PASSWORD") is { } password)
            return new RegistryCredential { User = user, Secret = password, Origin = "DOCKER_USERNAME and DOCKER_PASSWORD" };

        return ProviderOf(repository) is var (name, tokenUser) && services.Variable(name) is { } secret
            ? new RegistryCredential { User = tokenUser, Secret = secret, Origin = name }
            : null;
    }

    /// <summary>The provider's variable, and what stands in front of its tokens: GitHub takes any name, Amazon and Google want theirs. Null for hosts of nobody known.</summary>
    public static (string Variable, string TokenUser)? ProviderOf(ImageRepository repository)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return repository.Host switch
        {
            "ghcr.io" => ("GITHUB_TOKEN", "dewy"),
            var host when AmazonHost().IsMatch(host) => ("AWS_ECR_PASSWORD", "AWS"),
            var host when GoogleHost().IsMatch(host) => ("GCR_TOKEN", "oauth2accesstoken"),
            _ => null,
        };
    }

    [GeneratedRegex(@"\A[0-9]+\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex AmazonHost();

    [GeneratedRegex(@"\A(([a-z0-9-]+\.)?gcr\.io|[a-z0-9-]+-docker\.pkg\.dev)\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex GoogleHost();
}

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

        // What stands in front of these tokens: GitHub takes any name, Amazon and Google want theirs.
        var (name, tokenUser) = repository.Host switch
        {
            "ghcr.io" => ("GITHUB_TOKEN", "dewy"),
            var host when AmazonHost().IsMatch(host) => ("AWS_ECR_PASSWORD", "AWS"),
            var host when GoogleHost().IsMatch(host) => ("GCR_TOKEN", "oauth2accesstoken"),
            _ => (null, ""),
        };
        return name is not null && services.Variable(name) is { } secret
            ? new RegistryCredential { User = tokenUser, Secret = secret, Origin = name }
            : null;
    }

    [GeneratedRegex(@"\A[0-9]+\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex AmazonHost();

    [GeneratedRegex(@"\A(([a-z0-9-]+\.)?gcr\.io|[a-z0-9-]+-docker\.pkg\.dev)\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex GoogleHost();
}

using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;

namespace Dewy.Engine.Registries.S3;

/// <summary>Finds credentials the way AWS tools do.</summary>
internal static class S3Credentials
{
    /// <summary>
    /// Keys given by hand, else those in the agent's environment, else the SDK's chain: profile (<c>AWS_PROFILE</c>, also with assumed roles and
    /// single sign-on), web identity (<c>AWS_WEB_IDENTITY_TOKEN_FILE</c>, as on EKS), container (ECS, EKS Pod Identity),
    /// instance metadata (EC2). Nothing is asked before the first request.
    /// </summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: an application's own <c>AWS_PROFILE</c> is in no file.</exception>
    public static AWSCredentials? Find(RegistryServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Credential is { User: { } key } given)
            return new BasicAWSCredentials(key, given.Secret);
        if (services.Variable("AWS_ACCESS_KEY_ID") is not { } id || services.Variable("AWS_SECRET_ACCESS_KEY") is not { } secret)
            return FindOwn(services);
        services.Redactor.Add(secret);
        if (services.Variable("AWS_SESSION_TOKEN") is not { } token)
            return new BasicAWSCredentials(id, secret);
        services.Redactor.Add(token);
        return new SessionAWSCredentials(id, secret, token);
    }

    /// <summary>Where <see cref="Find"/> finds them, or has the SDK look for them.</summary>
    public static string OriginIn(RegistryServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.Credential is { User: not null } given ? given.Origin
            : services.Variable("AWS_ACCESS_KEY_ID") is not null && services.Variable("AWS_SECRET_ACCESS_KEY") is not null ? "AWS_ACCESS_KEY_ID"
            : services.Variable("AWS_WEB_IDENTITY_TOKEN_FILE") is not null ? "AWS_WEB_IDENTITY_TOKEN_FILE"
            : services.Variable("AWS_PROFILE") is { } profile ? $"AWS profile {profile}"
            : "AWS's chain (profile, container, instance)";
    }

    /// <summary>What an application's own variables say; the SDK's chain knows those of the process only.</summary>
    private static AWSCredentials? FindOwn(RegistryServices services)
    {
        if (Own("AWS_WEB_IDENTITY_TOKEN_FILE") is { } tokenFile && services.Variable("AWS_ROLE_ARN") is { } role)
            return new AssumeRoleWithWebIdentityCredentials(tokenFile, role, services.Variable("AWS_ROLE_SESSION_NAME") ?? "dewy");
        var file = services.Variable("AWS_SHARED_CREDENTIALS_FILE");
        if (Own("AWS_PROFILE") is null && Own("AWS_SHARED_CREDENTIALS_FILE") is null)
            return null;
        var profile = services.Variable("AWS_PROFILE") ?? "default";
        return new CredentialProfileStoreChain(file).TryGetAWSCredentials(profile, out var found)
            ? found
            : throw new DewyException(ErrorCode.InvalidOption, $"There is no AWS profile '{profile}'{(file is null ? "" : $" in {file}")} that gives credentials.")
            {
                Target = "AWS_PROFILE",
                NextStep = "Correct AWS_PROFILE or AWS_SHARED_CREDENTIALS_FILE.",
            };

        string? Own(string name) => services.Variable(name) is { } value && !string.Equals(value, Environment.GetEnvironmentVariable(name)?.Trim(), StringComparison.Ordinal) ? value : null;
    }
}

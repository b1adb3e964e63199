using Amazon.Runtime;

namespace Dewy.Engine.Registries.S3;

/// <summary>Finds credentials the way AWS tools do.</summary>
internal static class S3Credentials
{
    /// <summary>
    /// Keys given by hand, else those in the agent's environment, else the SDK's chain: profile (<c>AWS_PROFILE</c>, also with assumed roles and
    /// single sign-on), web identity (<c>AWS_WEB_IDENTITY_TOKEN_FILE</c>, as on EKS), container (ECS, EKS Pod Identity),
    /// instance metadata (EC2). Nothing is asked before the first request.
    /// </summary>
    public static AWSCredentials? Find(RegistryServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Credential is { User: { } key } given)
            return new BasicAWSCredentials(key, given.Secret);
        if (services.Variable("AWS_ACCESS_KEY_ID") is not { } id || services.Variable("AWS_SECRET_ACCESS_KEY") is not { } secret)
            return null;
        services.Redactor.Add(secret);
        if (services.Variable("AWS_SESSION_TOKEN") is not { } token)
            return new BasicAWSCredentials(id, secret);
        services.Redactor.Add(token);
        return new SessionAWSCredentials(id, secret, token);
    }
}

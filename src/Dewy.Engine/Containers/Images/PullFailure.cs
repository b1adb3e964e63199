using Dewy.Engine.Containers.Engine;
using Dewy.Engine.Registries.Oci;

namespace Dewy.Engine.Containers.Images;

/// <summary>
/// Puts a failed pull into words. Engines pass on what the registry, the network or the disk said as one sentence of text;
/// there are no codes.
/// </summary>
internal sealed class PullFailure(ImageRepository repository, string image, string tag, EngineFailure failure)
{
    public DewyException Explain(string said)
    {
        var text = failure.Clean(said);
        bool Says(params string[] words) => words.Any(word => said.Contains(word, StringComparison.OrdinalIgnoreCase));
        var (code, step) = true switch
        {
            _ when Says("toomanyrequests", "too many requests", "rate limit") =>
                (ErrorCode.RegistryRateLimited, $"Wait, or log in at {repository.Host} with an account that may pull more."),
            _ when Says("manifest unknown", "manifest for", "not found: not found", "name unknown", "no such image") && !Says("denied", "unauthorized") =>
                (ErrorCode.ImageNotFound, "Push the image again, or delete the tag; the agent looks again by itself."),
            _ when Says("unauthorized", "authentication required", "no basic auth credentials", "denied", "forbidden") =>
                (ErrorCode.RegistryUnauthorized, $"Run 'docker login {repository.Host}' as the agent's user, or set DOCKER_USERNAME and DOCKER_PASSWORD; the account needs the right to pull."),
            _ when Says("no space left on device", "disk quota exceeded") =>
                (ErrorCode.DiskFull, "Free space where the container engine keeps its images (docker system df, docker image prune), or lower --keep-images."),
            _ when Says("no matching manifest", "no match for platform", "does not match the specified platform") =>
                (ErrorCode.ImageNotFound, "Build the image for this platform, or name another with the parameter platform of --registry."),
            _ when Says("server gave HTTP response to HTTPS client") =>
                (ErrorCode.RegistryUnavailable, $"Add {repository.Host} to insecure-registries in the engine's configuration (/etc/docker/daemon.json): it pulls by itself, plain-http=true is only for the agent."),
            _ when Says("x509:", "certificate") =>
                (ErrorCode.RegistryUnavailable, $"Make the container engine trust the registry's certificate (/etc/docker/certs.d/{repository.Host}/ca.crt)."),
            _ => (ErrorCode.RegistryUnavailable, $"Check that the container engine can reach {repository.Host}; the agent tries again by itself."),
        };
        return Create(code, $"The image {image} ({tag}) could not be pulled: {text}.", step);
    }

    public DewyException Stalled(TimeSpan limit) =>
        Create(ErrorCode.RegistryTimeout, $"The image {image} ({tag}) could not be pulled: nothing came for {limit.TotalSeconds:0} s.", $"Check the engine's connection to {repository.Host}; the agent tries again by itself.");

    public DewyException WrongDigest() =>
        Create(ErrorCode.ChecksumMismatch, $"The container engine says it pulled {image} ({tag}), but has no image of that digest.", "Look at the registry, and any mirror before it.");

    private DewyException Create(ErrorCode code, string message, string step)
    {
        var explained = failure.Create(code, message, step);
        return new DewyException(code, explained.Message) { Phase = "fetch", Target = image, NextStep = step };
    }
}

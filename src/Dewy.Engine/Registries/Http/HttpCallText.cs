namespace Dewy.Engine.Registries.Http;

/// <summary>What a request to a registry is about, for the messages of its failures.</summary>
internal sealed record HttpCallText
{
    /// <summary>The registry as a person knows it, or the file and the registry it comes from.</summary>
    public required string Subject { get; init; }

    /// <summary>What errors name as their target: the registry's URL, without secrets.</summary>
    public required string Target { get; init; }

    /// <summary>The phase a failure belongs to: <c>check</c>, <c>fetch</c> or <c>record</c>.</summary>
    public string Phase { get; init; } = "check";

    /// <summary>What a 404 means.</summary>
    public ErrorCode NotFoundCode { get; init; } = ErrorCode.RegistryNotFound;

    /// <summary>What to do about a 404.</summary>
    public string NotFoundStep { get; init; } = "Correct --registry; a private registry may hide what the credentials may not see.";

    /// <summary>What to do about a 401 or 403.</summary>
    public string UnauthorizedStep { get; init; } = "Give the agent credentials that may read the registry.";

    /// <summary>What to do about a rate limit, besides waiting.</summary>
    public string RateLimitedStep { get; init; } = "The agent waits as long as it was asked to; raise --interval if this comes back.";
}

using Dewy.Engine.Registries;

namespace Dewy.Engine.Artifacts;

/// <summary>What the hosts of a fleet share.</summary>
public sealed record SharedCacheOptions
{
    /// <summary>The bucket, <c>s3://…</c> or <c>gs://…</c>.</summary>
    public required RegistryAddress Address { get; init; }

    /// <summary>How long an answer of the registry stands for all hosts, 1 s to 1 day; null where each asks for itself.</summary>
    public TimeSpan? RegistryTtl { get; init; }
}

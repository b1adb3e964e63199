namespace Dewy.Engine.Tests.Registries.Support;

/// <summary>How a registry fails.</summary>
public enum RegistryFault
{
    /// <summary>There is no such repository, bucket or folder.</summary>
    Missing,

    /// <summary>The credentials are refused.</summary>
    Unauthorized,

    /// <summary>Too many requests; to be asked again in 120 s.</summary>
    RateLimited,

    /// <summary>An answer of the 5xx kind.</summary>
    OutOfOrder,

    /// <summary>No answer at all.</summary>
    Silent,

    /// <summary>An answer that cannot be read.</summary>
    Malformed,

    /// <summary>Nobody listens.</summary>
    Unreachable,

    /// <summary>The connection is cut in the middle of the answer.</summary>
    Cut,
}

namespace Dewy;

/// <summary>A release that failed and is left alone for a while.</summary>
public sealed record BlockedRelease
{
    /// <summary>Cache key (or image reference) the block is about.</summary>
    public required string Key { get; init; }

    public required string Tag { get; init; }

    /// <summary>Digest of what failed: another digest under the same key is tried at once.</summary>
    public Digest? Digest { get; init; }

    public required ErrorCode Code { get; init; }

    public required string Reason { get; init; }

    /// <summary>Failures in a row.</summary>
    public required int Failures { get; init; }

    public required DateTimeOffset RetryAt { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Tag} until {RetryAt:u}: {Reason}";
}

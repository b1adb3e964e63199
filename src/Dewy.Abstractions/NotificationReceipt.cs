namespace Dewy;

/// <summary>What became of one message at one notifier.</summary>
public sealed record NotificationReceipt
{
    /// <summary>The notifier's URL without secrets.</summary>
    public required string Notifier { get; init; }

    /// <summary>How often it was tried.</summary>
    public required int Attempts { get; init; }

    /// <summary>Wall time, retries included.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Why it was not delivered; null where it was.</summary>
    public DeploymentError? Error { get; init; }

    public bool Delivered => Error is null;
}

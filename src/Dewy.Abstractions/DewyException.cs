namespace Dewy;

/// <summary>A failure a user can act on: which phase, which thing, why, and what to do.</summary>
public sealed class DewyException : Exception
{
    /// <summary>Describes a failure.</summary>
    /// <param name="code">The stable code.</param>
    /// <param name="message">One sentence with the thing and the cause; no secrets.</param>
    public DewyException(ErrorCode code, string message)
        : base(message) => Code = code;

    /// <inheritdoc cref="DewyException(ErrorCode, string)"/>
    /// <param name="innerException">The underlying failure.</param>
    public DewyException(ErrorCode code, string message, Exception? innerException)
        : base(message, innerException) => Code = code;

    /// <summary>The stable code.</summary>
    public ErrorCode Code { get; }

    /// <summary>The phase it happened in: <c>check</c>, <c>fetch</c>, <c>extract</c>, <c>switch</c>, <c>start</c> …; null outside a deployment.</summary>
    public string? Phase { get; init; }

    /// <summary>The URL, file, option, port or process concerned, without secrets.</summary>
    public string? Target { get; init; }

    /// <summary>What to do about it: one imperative sentence.</summary>
    public string? NextStep { get; init; }

    /// <summary>How long the other side asked to be left alone, where it did.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The exit code of a command that fails with this.</summary>
    public ExitCode ExitCode => Code switch
    {
        ErrorCode.InvalidOption or ErrorCode.InvalidConfiguration => ExitCode.Usage,
        >= ErrorCode.RegistryNotFound and <= ErrorCode.ArtifactAmbiguous => ExitCode.Registry,
        ErrorCode.DownloadTruncated => ExitCode.Registry,
        ErrorCode.RootLocked => ExitCode.Locked,
        ErrorCode.Unexpected or ErrorCode.AgentNotFound or ErrorCode.NotifierUnreachable or ErrorCode.ReportFailed or ErrorCode.ReleaseNotFound or ErrorCode.ReplicaNotFound or ErrorCode.ApplicationNotFound => ExitCode.Failed,
        _ => ExitCode.DeploymentFailed,
    };
}

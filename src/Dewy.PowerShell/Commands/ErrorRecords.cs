using System.Management.Automation;

namespace Dewy.PowerShell.Commands;

/// <summary>
/// Makes error records of failures. The id is the failure's code, the recommended action its next step; scripts and
/// runbooks depend on both.
/// </summary>
internal static class ErrorRecords
{
    public static ErrorRecord From(DewyException exception, object? input = null) => new(
        exception,
        exception.Code.ToString(),
        CategoryOf(exception.Code),
        (object?)exception.Target ?? input)
    {
        // PowerShell shows the recommendation below the message by itself.
        ErrorDetails = new ErrorDetails(exception.Message) { RecommendedAction = ParameterWords.Of(exception.NextStep) ?? "" },
    };

    /// <summary>The record of a failure that is only known from the history.</summary>
    public static ErrorRecord From(DeploymentError error, object? input = null) => From(
        new DewyException(error.Code, error.Message) { Phase = error.Phase, Target = error.Target, NextStep = error.NextStep },
        input);

    /// <summary>The record of something nobody foresaw.</summary>
    public static ErrorRecord Unexpected(Exception exception, object? input = null) => new(
        exception, nameof(ErrorCode.Unexpected), ErrorCategory.NotSpecified, input)
    {
        ErrorDetails = new ErrorDetails(exception.Message)
        {
            RecommendedAction = "Run the command again with -Verbose and -Debug, and report what it says.",
        },
    };

    /// <summary>
    /// The failure within an exception; null where there is none. The runtime puts exceptions of its own around what goes
    /// wrong while an assembly is looked for.
    /// </summary>
    public static DewyException? CauseOf(Exception? exception)
    {
        while (exception is not null and not DewyException)
            exception = exception.InnerException;
        return (DewyException?)exception;
    }

    public static ErrorCategory CategoryOf(ErrorCode code) => code switch
    {
        ErrorCode.InvalidOption or ErrorCode.InvalidConfiguration => ErrorCategory.InvalidArgument,
        ErrorCode.RegistryNotFound or ErrorCode.NoMatchingVersion or ErrorCode.ArtifactNotFound or ErrorCode.ReleaseNotFound
            or ErrorCode.SharedFileMissing or ErrorCode.CommandNotFound or ErrorCode.ImageNotFound or ErrorCode.AgentNotFound or ErrorCode.ReplicaNotFound or ErrorCode.ApplicationNotFound => ErrorCategory.ObjectNotFound,
        ErrorCode.RegistryUnauthorized => ErrorCategory.AuthenticationError,
        ErrorCode.RegistryRateLimited => ErrorCategory.QuotaExceeded,
        ErrorCode.RegistryTimeout or ErrorCode.StartTimeout or ErrorCode.HookTimeout or ErrorCode.Timeout => ErrorCategory.OperationTimeout,
        ErrorCode.RegistryUnavailable or ErrorCode.NotifierUnreachable => ErrorCategory.ConnectionError,
        ErrorCode.RegistryMalformed => ErrorCategory.ProtocolError,
        ErrorCode.ArtifactAmbiguous => ErrorCategory.InvalidResult,
        ErrorCode.ChecksumMismatch or ErrorCode.ChecksumMissing or ErrorCode.SignatureMismatch or ErrorCode.ArchiveUnsafe or ErrorCode.ArchiveBomb => ErrorCategory.SecurityError,
        ErrorCode.DownloadTruncated or ErrorCode.ReportFailed => ErrorCategory.ReadError,
        ErrorCode.DownloadTooLarge => ErrorCategory.LimitsExceeded,
        ErrorCode.ArchiveUnsupported => ErrorCategory.NotImplemented,
        ErrorCode.ArchiveCorrupt or ErrorCode.RootCorrupt => ErrorCategory.InvalidData,
        ErrorCode.DiskFull => ErrorCategory.WriteError,
        ErrorCode.RootReadOnly or ErrorCode.CommandNotExecutable or ErrorCode.EngineDenied => ErrorCategory.PermissionDenied,
        ErrorCode.RootLocked or ErrorCode.PortInUse => ErrorCategory.ResourceBusy,
        ErrorCode.EngineMissing or ErrorCode.EngineUnavailable => ErrorCategory.ResourceUnavailable,
        ErrorCode.StartFailed or ErrorCode.HealthCheckFailed or ErrorCode.CrashLoop or ErrorCode.HookFailed or ErrorCode.ContainerExited => ErrorCategory.OperationStopped,
        _ => ErrorCategory.NotSpecified,
    };
}

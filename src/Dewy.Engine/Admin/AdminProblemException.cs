using Microsoft.AspNetCore.Http;

namespace Dewy.Engine.Admin;

/// <summary>A request that is refused: what its sender is told.</summary>
internal sealed class AdminProblemException(int status, string code, string message, string? nextStep) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>Stable; that of a <see cref="DewyException"/> where it comes from one.</summary>
    public string Code { get; } = code;

    public string? NextStep { get; } = nextStep;

    public string? Phase { get; init; }

    public string? Target { get; init; }

    /// <summary>How long the sender is to leave it; null where that would not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static AdminProblemException From(DewyException exception) =>
        new(StatusOf(exception.Code), exception.Code.ToString(), exception.Message, exception.NextStep) { Phase = exception.Phase, Target = exception.Target };

    private static int StatusOf(ErrorCode code) => code switch
    {
        ErrorCode.InvalidOption or ErrorCode.InvalidConfiguration => StatusCodes.Status400BadRequest,
        ErrorCode.ReleaseNotFound or ErrorCode.ReplicaNotFound => StatusCodes.Status404NotFound,
        ErrorCode.RootLocked => StatusCodes.Status409Conflict,
        >= ErrorCode.RegistryNotFound and <= ErrorCode.ArtifactAmbiguous => StatusCodes.Status502BadGateway,
        ErrorCode.DiskFull => StatusCodes.Status507InsufficientStorage,
        ErrorCode.Timeout => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status500InternalServerError,
    };
}

using Microsoft.Extensions.Logging;

namespace Dewy.Engine.Diagnostics.Messages;

/// <summary>What the loop around deployments says. Messages shared with the Go program are kept word for word; fields become snake case.</summary>
internal static partial class AgentLog
{
    [LoggerMessage(101, LogLevel.Information, "Dewy started")]
    public static partial void Started(ILogger logger, string version, string commit, string mode, string root, string registry);

    [LoggerMessage(102, LogLevel.Information, "Shutting down gracefully")]
    public static partial void Stopping(ILogger logger, string reason);

    [LoggerMessage(103, LogLevel.Information, "Dewy stopped")]
    public static partial void Stopped(ILogger logger, bool applicationLeftRunning);

    [LoggerMessage(104, LogLevel.Debug, "Registry polled")]
    public static partial void Polled(ILogger logger, string registry, string outcome, TimeSpan duration);

    [LoggerMessage(112, LogLevel.Warning, "Registry does not answer, an older answer is used")]
    public static partial void AnswerStale(ILogger logger, string error, string registry, DateTimeOffset answeredAt);

    [LoggerMessage(105, LogLevel.Debug, "Deploy skipped")]
    public static partial void Skipped(ILogger logger, string? tag, string reason);

    [LoggerMessage(106, LogLevel.Warning, "Artifact not found within grace period")]
    public static partial void GracePeriodHeld(ILogger logger, string message, TimeSpan gracePeriod, string tag);

    [LoggerMessage(EventId = 107, Message = "Release held back")]
    public static partial void Held(ILogger logger, LogLevel level, string tag, string reason);

    [LoggerMessage(108, LogLevel.Error, "Cycle failed")]
    public static partial void CycleFailed(ILogger logger, string error, string code, string? phase, string? target, string? nextStep, int failures, TimeSpan nextIn);

    [LoggerMessage(109, LogLevel.Information, "Recovered")]
    public static partial void Recovered(ILogger logger, int failures, TimeSpan after);

    [LoggerMessage(110, LogLevel.Warning, "Attention needed")]
    public static partial void AttentionNeeded(ILogger logger, string message, string? target, string? nextStep);

    [LoggerMessage(113, LogLevel.Information, "Admin API server started")]
    public static partial void AdminApiStarted(ILogger logger, string address);

    [LoggerMessage(111, LogLevel.Debug, "Event")]
    public static partial void Unknown(ILogger logger, string kind);
}

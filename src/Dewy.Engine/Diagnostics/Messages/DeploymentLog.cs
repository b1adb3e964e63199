using Microsoft.Extensions.Logging;

namespace Dewy.Engine.Diagnostics.Messages;

/// <summary>What deployments and their hooks say.</summary>
internal static partial class DeploymentLog
{
    [LoggerMessage(301, LogLevel.Information, "Deployment started")]
    public static partial void Started(ILogger logger, string id, string tag, string? previousTag, string requestedBy);

    [LoggerMessage(302, LogLevel.Information, "Deployment succeeded")]
    public static partial void Succeeded(ILogger logger, string id, string tag, string? previousTag, TimeSpan duration);

    [LoggerMessage(EventId = 303, Message = "Deployment failed")]
    public static partial void Failed(ILogger logger, LogLevel level, string? error, string? code, string? phase, string? target, string? nextStep, string result, string id, string tag, string? previousTag, TimeSpan duration);

    [LoggerMessage(304, LogLevel.Debug, "Step started")]
    public static partial void StepStarted(ILogger logger, string step, string description, string? id);

    [LoggerMessage(305, LogLevel.Debug, "Step completed")]
    public static partial void StepCompleted(ILogger logger, string step, TimeSpan duration, string? id);

    [LoggerMessage(306, LogLevel.Information, "Create symlink")]
    public static partial void Switched(ILogger logger, string from, string to);

    [LoggerMessage(307, LogLevel.Information, "Execute hook")]
    public static partial void HookExecuted(ILogger logger, string command, string stdout, string? stderr, TimeSpan duration);

    [LoggerMessage(308, LogLevel.Error, "Before deploy hook failure")]
    public static partial void BeforeHookFailed(ILogger logger, string error, int? exitCode, string command, string stdout, string stderr, TimeSpan duration);

    [LoggerMessage(309, LogLevel.Error, "After deploy hook failure")]
    public static partial void AfterHookFailed(ILogger logger, string error, int? exitCode, string command, string stdout, string stderr, TimeSpan duration);

    [LoggerMessage(310, LogLevel.Information, "Rolling back deployment")]
    public static partial void RollingBack(ILogger logger, string reason, string fromTag, string toTag);

    [LoggerMessage(311, LogLevel.Warning, "Release blocked")]
    public static partial void Blocked(ILogger logger, string tag, string reason, int failures, DateTimeOffset retryAt);

    [LoggerMessage(312, LogLevel.Information, "Release removed")]
    public static partial void Pruned(ILogger logger, string path);
}

using Microsoft.Extensions.Logging;

namespace Dewy.Engine.Diagnostics.Messages;

/// <summary>What the program around the agent says.</summary>
internal static partial class HostLog
{
    [LoggerMessage(501, LogLevel.Error, "Dewy failed")]
    public static partial void Failed(ILogger logger, string error, string code, string? phase, string? target, string? nextStep, TimeSpan? nextIn);

    [LoggerMessage(502, LogLevel.Error, "Dewy failed unexpectedly")]
    public static partial void FailedUnexpectedly(ILogger logger, Exception exception, string error, TimeSpan? nextIn);

    [LoggerMessage(503, LogLevel.Debug, "Signal received")]
    public static partial void SignalReceived(ILogger logger, string signal);
}

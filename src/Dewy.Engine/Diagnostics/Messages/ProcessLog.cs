using Microsoft.Extensions.Logging;

namespace Dewy.Engine.Diagnostics.Messages;

/// <summary>What becomes of the supervised program.</summary>
internal static partial class ProcessLog
{
    [LoggerMessage(401, LogLevel.Information, "Generation started")]
    public static partial void Started(ILogger logger, int generation, int pid, string tag);

    [LoggerMessage(402, LogLevel.Information, "Generation adopted")]
    public static partial void Adopted(ILogger logger, int generation, int pid, string tag);

    [LoggerMessage(403, LogLevel.Information, "Generation ready")]
    public static partial void Ready(ILogger logger, int generation, int pid, string tag, TimeSpan after);

    [LoggerMessage(404, LogLevel.Information, "Stopping generation")]
    public static partial void Stopping(ILogger logger, int generation, int pid, string signal);

    [LoggerMessage(405, LogLevel.Information, "Generation stopped")]
    public static partial void Stopped(ILogger logger, int generation, int pid, string tag, int? exitCode, int? signal);

    [LoggerMessage(406, LogLevel.Error, "Generation ended by itself")]
    public static partial void Crashed(ILogger logger, int generation, int pid, string tag, int? exitCode, int? signal, string? output);

    [LoggerMessage(407, LogLevel.Warning, "Restart scheduled")]
    public static partial void RestartScheduled(ILogger logger, string tag, int crashes, TimeSpan delay);

    [LoggerMessage(408, LogLevel.Information, "Send SIGHUP for server restart")]
    public static partial void RestartRequested(ILogger logger, int pid, string requestedBy);

    [LoggerMessage(409, LogLevel.Information, "Start notification")]
    public static partial void ServerStarted(ILogger logger, string message);

    [LoggerMessage(410, LogLevel.Information, "Restart notification")]
    public static partial void ServerRestarted(ILogger logger, string message, string reason);
}

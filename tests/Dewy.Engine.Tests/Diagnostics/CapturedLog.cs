using Dewy.Engine.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Dewy.Engine.Tests.Diagnostics;

/// <summary>The lines a log pipeline writes for events.</summary>
internal static class CapturedLog
{
    public static IReadOnlyList<string> Of(LogFormat format, params IReadOnlyList<EngineEvent> events) => Of(new LogOptions { Format = format, Level = LogLevel.Debug }, new SecretRedactor(), events);

    public static IReadOnlyList<string> Of(LogOptions options, SecretRedactor redactor, params IReadOnlyList<EngineEvent> events)
    {
        using var writer = new StringWriter();
        using (var log = LogPipeline.Create(options, redactor, writer, colour: false))
        {
            foreach (var sample in events)
                log.View.Publish(sample.Time == default ? sample with { Time = SampleEvents.Time } : sample);
        }

        return writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

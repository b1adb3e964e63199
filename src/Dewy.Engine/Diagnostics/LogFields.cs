using System.Text.Json;
using Serilog.Events;

namespace Dewy.Engine.Diagnostics;

/// <summary>The facts of a log line besides its message, the same for every format.</summary>
internal sealed class LogFields(SecretRedactor redactor)
{
    /// <summary>Property that carries the time of the event a line tells of.</summary>
    public const string EventTime = "EventTime";

    /// <summary>Longest text of a message or field in characters, so that nothing can flood a log.</summary>
    public const int MaxLength = 64 << 10;

    /// <summary>Properties that serve the logging libraries themselves.</summary>
    private static readonly HashSet<string> Internal = new(StringComparer.Ordinal) { EventTime, "EventId", "SourceContext", "Scope" };

    /// <summary>Keys every line has; a field of that name steps aside.</summary>
    private static readonly HashSet<string> Taken = new(StringComparer.Ordinal) { "time", "level", "msg" };

    public static DateTime UtcTime(LogEvent line) =>
        line.Properties.TryGetValue(EventTime, out var value) && value is ScalarValue { Value: DateTimeOffset time } && time != default
            ? time.UtcDateTime
            : line.Timestamp.UtcDateTime;

    public static string Level(LogEvent line) => line.Level switch
    {
        LogEventLevel.Verbose or LogEventLevel.Debug => "DEBUG",
        LogEventLevel.Information => "INFO",
        LogEventLevel.Warning => "WARN",
        _ => "ERROR",
    };

    public string Message(LogEvent line) => Clean(line.RenderMessage());

    /// <summary>Fields with a value, in the order in which the message names them, secrets masked; the exception last.</summary>
    public IEnumerable<(string Name, object Value)> Of(LogEvent line)
    {
        foreach (var (name, value) in line.Properties)
        {
            if (!Internal.Contains(name) && Read(value) is { } read)
                yield return (Key(name), read);
        }

        if (line.Exception is { } exception)
            yield return ("exception", Clean(exception.ToString()));
    }

    private static string Key(string name)
    {
        var key = JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
        return Taken.Contains(key) ? key + "_" : key;
    }

    /// <summary>A number or truth value as it is, anything else as text; null where there is nothing.</summary>
    private object? Read(LogEventPropertyValue property) => property switch
    {
        ScalarValue { Value: null } => null,
        ScalarValue { Value: bool or int or long or double or decimal } scalar => scalar.Value,
        ScalarValue { Value: TimeSpan duration } => duration,
        ScalarValue { Value: DateTimeOffset time } => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
        ScalarValue { Value: string text } => Clean(text),
        _ => Clean(property.ToString()),
    };

    private string Clean(string text)
    {
        // Redacted first: half a secret at the cut would no longer be recognised.
        var redacted = redactor.Redact(text);
        return redacted.Length <= MaxLength ? redacted : $"{redacted.AsSpan(0, MaxLength)}… ({redacted.Length - MaxLength} more characters)";
    }
}

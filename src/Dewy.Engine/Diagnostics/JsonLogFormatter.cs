using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dewy.Engine.Composition;
using Serilog.Events;
using Serilog.Formatting;

namespace Dewy.Engine.Diagnostics;

/// <summary>One JSON object a line: <c>time</c> (UTC), <c>level</c>, <c>msg</c>, then the fields in snake case.</summary>
internal sealed class JsonLogFormatter(SecretRedactor redactor) : ITextFormatter
{
    /// <summary>Leaves letters of all scripts and <c>+</c> readable; a log line is never put into HTML as it is.</summary>
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly LogFields _fields = new(redactor);

    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, WriterOptions))
        {
            json.WriteStartObject();
            WriteMembers(json, logEvent);
            json.WriteEndObject();
        }

        output.Write(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
        output.Write('\n');
    }

    /// <summary>Writes what makes up a line into an object that is open.</summary>
    public void WriteMembers(Utf8JsonWriter json, LogEvent logEvent)
    {
        json.WriteString("time", LogFields.UtcTime(logEvent).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"));
        json.WriteString("level", LogFields.Level(logEvent));
        json.WriteString("msg", _fields.Message(logEvent));
        foreach (var (name, value) in _fields.Of(logEvent))
            Write(json, name, value);
    }

    private static void Write(Utf8JsonWriter json, string name, object value)
    {
        switch (value)
        {
            case bool truth: json.WriteBoolean(name, truth); break;
            case int number: json.WriteNumber(name, number); break;
            case long number: json.WriteNumber(name, number); break;
            case decimal number: json.WriteNumber(name, number); break;
            case double number when double.IsFinite(number): json.WriteNumber(name, number); break;
            case TimeSpan duration: json.WriteString(name, DurationText.Format(duration)); break;
            default: json.WriteString(name, value.ToString()); break;
        }
    }
}
